import { expect, test } from 'vitest'
import { alignText } from './alignText.ts'
import { excerpt } from './excerpt.ts'

test('a long line is cut around the place', () => {
  const line = `key: [${'x, '.repeat(100)}HERE, ${'y, '.repeat(100)}]`
  const from = line.indexOf('HERE')
  const [shown, carets] = excerpt(`first\n${line}\nlast`, { from: from + 6, to: from + 10 }).split('\n')
  expect(shown!.length).toBeLessThanOrEqual(120)
  expect(shown!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('HERE')
})

test('what is behind the host of a URL, and what stands under the name of a secret, is masked in place', () => {
  const line = 'a: { url: "wss://node.example/v3/KEY", other: https://user:PASS@x.example, password: PASS, x: 1 }'
  const [shown, carets] = excerpt(line, { from: line.indexOf('x: 1'), to: line.indexOf('x: 1') + 1 }).split('\n')
  expect(shown).toBe(
    'a: { url: "wss://node.example*******", other: https://*******************, password: ****, x: 1 }',
  )
  expect(shown![carets!.indexOf('^')]).toBe('x')
})

test('control characters and tabs are shown as spaces', () => {
  expect(excerpt('a:\t\u001b[31mred', { from: 3, to: 4 })).toBe('a:  [31mred\n   ^')
})

test.each([
  ['plain', 'event A if b > 1', 'event A if b > 1'],
  ['single quotes', "'event A if b == ''x'' > 1'", "event A if b == 'x' > 1"],
  ['double quotes', '"event A if c == \\"x\\" and b > 1"', 'event A if c == "x" and b > 1'],
  ['a literal block', '|-\n    event A\n      if b > 1', 'event A\n  if b > 1'],
  ['a folded block', '> # why\n    event A\n    if b > 1\n', 'event A if b > 1\n'],
])('a part of a text is found in %s', (_style, source, value) => {
  const offset = value.lastIndexOf('> 1')
  const range = alignText({ source, offset: 10, value }, { offset, length: 3 })!
  expect(source.slice(range.from - 10, range.to - 10)).toBe('> 1')
})

test('a text that is written with escapes has no place within', () => {
  expect(alignText({ source: '"\\u0041"', offset: 0, value: 'A' }, { offset: 0, length: 1 })).toBeUndefined()
})
