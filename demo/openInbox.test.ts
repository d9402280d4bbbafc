import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Inbox, openInbox } from './openInbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-inbox-'))
const heard: string[] = []
let inbox: Inbox
let url: string
beforeAll(async () => {
  inbox = await openInbox(folder, (title) => heard.push(title))
  url = readFileSync(join(folder, 'inbox.url'), 'utf8').trim()
})
afterAll(async () => {
  await inbox.close()
  rmSync(folder, { recursive: true, force: true })
})

const post = async (to: string, title: string) =>
  (await fetch(to, { method: 'POST', body: JSON.stringify({ data: { title } }) })).status

test('hears what is sent to the URL of the channel, without what could play with a terminal', async () => {
  expect(await post(url, 'Critical: \u001b[2Jgone')).toBe(204)
  expect(heard).toEqual(['Critical: [U+001B][2Jgone'])
})

test('hears nobody else, and nothing that is no message', async () => {
  const before = heard.length
  expect(await post(new URL('/', url).href, 'hello')).toBe(404)
  expect(await post(url, 'x'.repeat(70_000))).toBe(404)
  expect((await fetch(url, { method: 'POST', body: 'no json' })).status).toBe(404)
  expect(heard).toHaveLength(before)
})
