import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { optionTable, regenerate } from '../../test/harness/reference.ts'
import { channels } from './index.ts'

const path = 'docs/reference/channels.md'
const reference = readFileSync(path, 'utf8')

/** To write them anew after an option has changed: vitest with `-u`. */
test('the manuals and option tables of the reference are those of the channels', async () => {
  const generated = regenerate(reference, channels.keys(), (id) => {
    const { manual, options, perMinute } = channels.get(id)!
    return `${manual}\n\n${optionTable(options)}\n\nAt most ${perMinute} messages a minute.`
  })
  await expect(generated).toMatchFileSnapshot(`../../${path}`)
})

test('the signature check of the reference tells true events from others', () => {
  const source = /\/\*\* `body`.*?^}/ms.exec(reference)![0]
  const isFromTocsin = new Function('createHmac', 'timingSafeEqual', `${source}; return isFromTocsin`)(
    createHmac,
    timingSafeEqual,
  )
  const secret = `whsec_${Buffer.from('a key of thirty-two bytes, indeed').toString('base64')}`
  const signed = (body: string, timestamp: number) => ({
    'webhook-id': 'msg-1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,c29tZXRoaW5n v1,${createHmac('sha256', 'a key of thirty-two bytes, indeed')
      .update(`msg-1.${timestamp}.${body}`)
      .digest('base64')}`,
  })
  const now = Math.floor(Date.now() / 1000)
  expect(isFromTocsin(signed('{}', now), Buffer.from('{}'), secret)).toBe(true)
  expect(isFromTocsin(signed('{}', now), Buffer.from('{ }'), secret)).toBe(false)
  expect(isFromTocsin(signed('{}', now - 600), Buffer.from('{}'), secret)).toBe(false)
  expect(isFromTocsin({ ...signed('{}', now), 'webhook-timestamp': 'x' }, Buffer.from('{}'), secret)).toBe(false)
})
