import { expect, test } from 'vitest'
import { createRedactor, withHostOnly } from './createRedactor.ts'

const url = 'https://user:pa55word@rpc.example/v3/abcDEF123456?apikey=qwerty-98765#frag-1234567'
const redact = createRedactor([url, 'xoxb-123-456', 'two\nlines of 9', ''])

test.each([
  ['the secret itself', 'got xoxb-123-456 back'],
  ['the URL', `cannot reach ${url}.`],
  ['its key alone', 'key abcDEF123456 is not valid'],
  ['a value of its query', 'unknown apikey qwerty-98765'],
  ['its password', 'authentication failed for pa55word'],
  ['its Basic credentials', `Basic ${Buffer.from('user:pa55word').toString('base64')}`],
  ['a form that was encoded', `q=${encodeURIComponent(url)}`],
  ['one line of many', 'it says: lines of 9'],
])('hides %s', (_, text) => {
  const shown = redact(text)
  expect(shown).toContain('(hidden)')
  expect(shown).not.toMatch(/xoxb-1|abcDEF|qwerty|pa55|dXNlcjpwYTU1|lines of 9|frag-1/)
})

test('leaves words alone that only look like a part of a secret', () => {
  expect(redact('The user of v3 waits.')).toBe('The user of v3 waits.')
})

test('shortens every other URL to its host', () => {
  expect(redact('see "https://hooks.example/services/T0/B1/zzz" and wss://a.example')).toBe(
    'see "https://hooks.example/…" and wss://a.example',
  )
  expect(withHostOnly('nonsense://')).toBe('(hidden)')
})
