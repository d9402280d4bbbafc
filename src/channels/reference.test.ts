import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { AnyChannel } from '../model/channel.ts'
import { channels } from './index.ts'

const path = 'docs/reference/channels.md'
const reference = readFileSync(path, 'utf8')

type Property = {
  description?: string
  default?: unknown
  secret?: boolean
  type?: string
  enum?: string[]
  anyOf?: Property[]
  items?: Property
  properties?: Record<string, Property>
}
type Schema = { properties: Record<string, Property>; required?: string[] }

function optionTable({ options }: AnyChannel): string {
  const { properties, required = [] } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Schema
  const rows = Object.entries(properties).map(([name, property]) => {
    const standard = property.default === undefined ? '' : `\`${property.default}\``
    const need = required.includes(name) ? 'required' : standard
    return `| \`${name}\` | ${typeOf(property)} | ${need} | ${property.description ?? ''} |`
  })
  return ['| option | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function typeOf({ secret, type, enum: words, anyOf, items, properties }: Property): string {
  if (secret) return 'secret'
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (items) return `list of ${typeOf(items)}`
  if (properties)
    return Object.keys(properties)
      .map((name) => `\`${name}\``)
      .join(', ')
  return type === 'integer' ? 'number' : (type ?? 'any')
}

/** To write them anew after an option has changed: vitest with `-u`. */
test('the manuals and option tables of the reference are those of the channels', async () => {
  expect([...reference.matchAll(/<!-- generated: (\w+) -->/g)].map(([, id]) => id)).toEqual([...channels.keys()])
  const generated = reference.replace(/(<!-- generated: (\w+) -->\n).*?(<!-- end -->)/gs, (_whole, start, id, end) => {
    const channel = channels.get(id)!
    return `${start}${channel.manual}\n\n${optionTable(channel)}\n\nAt most ${channel.perMinute} messages a minute.\n${end}`
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
