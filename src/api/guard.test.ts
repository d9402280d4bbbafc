import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ApiScene, type CallOptions, createApiScene } from '../../test/harness/apiScene.ts'
import { insertAlert } from '../../test/harness/consoleScene.ts'
import { alerts } from '../store/schema.ts'

const at = new Date('2026-03-01T03:00:00Z')
let scene: ApiScene
beforeAll(async () => {
  scene = await createApiScene()
})
beforeEach(() => scene.begin())
afterAll(() => scene.end())

describe('the guard', () => {
  test.each<[string, string, CallOptions, number]>([
    ['our page reads', '/api/status', {}, 200],
    ['another name of ours reads', '/api/status', { headers: { host: '127.0.0.1:8080', origin: '' } }, 200],
    ['a foreign host reads (DNS rebinding)', '/api/status', { headers: { host: 'evil.example:8080' } }, 421],
    ['a foreign host asks for the page', '/', { headers: { host: 'evil.example:8080', origin: '' } }, 421],
    ['another port is named', '/api/status', { headers: { host: 'localhost:9090' } }, 421],
    ['a page of another port reads', '/api/status', { headers: { origin: 'http://localhost:3000' } }, 403],
    ['a page of the same site reads', '/api/status', { headers: { origin: '', 'sec-fetch-site': 'same-site' } }, 403],
    ['somebody opens it by hand', '/api/status', { headers: { origin: '', 'sec-fetch-site': 'none' } }, 200],
    ['nobody is signed in', '/api/status', { headers: { cookie: '' } }, 401],
    ['the session is invented', '/api/status', { headers: { cookie: 'tocsin-8080=AAAA' } }, 401],
    ['the session is of another port', '/api/events', { headers: { cookie: 'tocsin-9090=AAAA' } }, 401],
  ])('answers when %s', async (_, path, options, status) => {
    expect((await scene.call(path, options)).status).toBe(status)
  })

  test.each<[string, Record<string, string>, number]>([
    ['our page', {}, 200],
    ['our page, in a browser without Sec-Fetch-Site', { 'sec-fetch-site': '' }, 200],
    ['a foreign page', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, 403],
    ['a page without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
    ['a page that claims our origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a link that somebody opens', { origin: '', 'sec-fetch-site': 'none' }, 403],
    ['a program that names no origin', { origin: '', 'sec-fetch-site': '' }, 403],
    ['somebody who is not signed in', { cookie: '' }, 401],
  ])('lets %s change something or not', async (_, headers, status) => {
    await insertAlert(scene.db, { id: 'a', at })
    expect((await scene.post('/api/alerts/a/acknowledge', { by: 'ana' }, headers)).status).toBe(status)
    const [alert] = await scene.db.select().from(alerts)
    expect(alert?.state).toBe(status === 200 ? 'acknowledged' : 'firing')
  })

  test('says on every answer that nothing foreign is loaded, framed or told', async () => {
    for (const path of ['/', '/assets/index-1a2b.js', '/api/status', '/healthz', '/nowhere']) {
      const { headers } = await scene.call(path)
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|http|\*/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  test('takes no large bodies', async () => {
    expect((await scene.post('/api/session', { token: 'x'.repeat(70_000) })).status).toBe(413)
  })
})

describe('a session', () => {
  const signIn = (token: unknown, headers = {}) => scene.post('/api/session', { token }, { cookie: '', ...headers })

  test('is given for a token, once, in a cookie that no script and no other site gets', async () => {
    const token = scene.access.mint()
    const first = await signIn(token)
    expect(first.status).toBe(204)
    const set = first.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^tocsin-8080=[\w-]{43};/)
    expect(set).toMatch(/HttpOnly/)
    expect(set).toMatch(/SameSite=Strict/)
    expect((await scene.call('/api/status', { headers: { cookie: set.split(';')[0] ?? '' } })).status).toBe(200)
    const second = await signIn(token)
    expect(second.status).toBe(403)
    expect(second.headers.get('set-cookie')).toBeNull()
  })

  test('is not given to foreign pages, and their try does not use the token up', async () => {
    const token = scene.access.mint()
    expect((await signIn(token, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await signIn(token)).status).toBe(204)
  })

  test('is not given for what is no token', async () => {
    for (const token of [undefined, '', 7, { $ne: null }]) expect((await signIn(token)).status).toBe(422)
    expect((await scene.call('/api/session', { method: 'POST' })).status).toBe(422)
  })

  test('ends when somebody signs out', async () => {
    expect((await scene.call('/api/session', { method: 'DELETE' })).status).toBe(204)
    expect((await scene.call('/api/status')).status).toBe(401)
  })

  test('can let another browser in', async () => {
    const { token } = (await (await scene.post('/api/tokens')).json()) as { token: string }
    expect((await signIn(token)).status).toBe(204)
  })
})
