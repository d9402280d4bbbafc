import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ConsoleScene, createConsoleScene } from '../../test/harness/consoleApi.ts'
import { insertAlert, insertMessage, sampleChain, vault } from '../../test/harness/consoleScene.ts'
import { noteBlindness } from '../store/blindness.ts'
import { notify } from '../store/notify.ts'
import { alerts, blindness, findings, messages, sightings, silences } from '../store/schema.ts'
import { createApi } from './createApi.ts'
import { serveConsole } from './serveConsole.ts'

const at = new Date('2026-03-01T03:00:00Z')
const host = 'localhost:8080'
const origin = `http://${host}`
let scene: ConsoleScene
let app: Hono
let cookie: string
let webRoot: string

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'tocsin-web-'))
  await mkdir(join(webRoot, 'assets'))
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Tocsin</title>')
  await writeFile(join(webRoot, 'assets', 'index-1a2b.js'), 'export {}')
  scene = await createConsoleScene({
    webRoot,
    demo: {
      attacks: [{ name: 'drain', title: 'Drain the vault', story: 'Somebody found a hole.' }],
      run: async (name) => void scene.attacked.push(name),
    },
  })
  app = createApi({ ...scene.api, allowedHosts: [host, '127.0.0.1:8080'] })
})
afterAll(async () => {
  await scene.end()
  await rm(webRoot, { recursive: true })
})
beforeEach(async () => {
  for (const table of [alerts, findings, sightings, messages, silences, blindness]) await scene.db.delete(table)
  cookie = `tocsin-8080=${scene.access.exchange(scene.access.mint())}`
})

type Options = { method?: string; body?: unknown; headers?: Record<string, string> }

/** A call as the console in a browser makes it, but for what `headers` change; an empty header is left out. */
function call(path: string, { method = 'GET', body, headers = {} }: Options = {}) {
  const sent = { host, origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie, ...headers }
  return app.request(`http://${host}${path}`, {
    method,
    headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== '')),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', body, headers })

describe('the guard', () => {
  test.each<[string, string, Options, number]>([
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
    expect((await call(path, options)).status).toBe(status)
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
    expect((await post('/api/alerts/a/acknowledge', { by: 'ana' }, headers)).status).toBe(status)
    const [alert] = await scene.db.select().from(alerts)
    expect(alert?.state).toBe(status === 200 ? 'acknowledged' : 'firing')
  })

  test('says on every answer that nothing foreign is loaded, framed or told', async () => {
    for (const path of ['/', '/assets/index-1a2b.js', '/api/status', '/healthz', '/nowhere']) {
      const { headers } = await call(path)
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|http|\*/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  test('takes no large bodies', async () => {
    expect((await post('/api/session', { token: 'x'.repeat(70_000) })).status).toBe(413)
  })
})

describe('a session', () => {
  const signIn = (token: unknown, headers = {}) => post('/api/session', { token }, { cookie: '', ...headers })

  test('is given for a token, once, in a cookie that no script and no other site gets', async () => {
    const token = scene.access.mint()
    const first = await signIn(token)
    expect(first.status).toBe(204)
    const set = first.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^tocsin-8080=[\w-]{43};/)
    expect(set).toMatch(/HttpOnly/)
    expect(set).toMatch(/SameSite=Strict/)
    expect((await call('/api/status', { headers: { cookie: set.split(';')[0] ?? '' } })).status).toBe(200)
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
    expect((await call('/api/session', { method: 'POST' })).status).toBe(422)
  })

  test('ends when somebody signs out', async () => {
    expect((await call('/api/session', { method: 'DELETE' })).status).toBe(204)
    expect((await call('/api/status')).status).toBe(401)
  })

  test('can let another browser in', async () => {
    const { token } = (await (await post('/api/tokens')).json()) as { token: string }
    expect((await signIn(token)).status).toBe(204)
  })
})

describe('the calls', () => {
  test('status tells what is open, seen and silenced', async () => {
    await insertAlert(scene.db, { id: 'a', at })
    await insertMessage(scene.db, { id: 'm', at, state: 'dead', lastError: 'Gone.' })
    await noteBlindness(scene.db, { chainId: 1, reasons: new Map([['price', 'It reverted.']]), at, block: 7 })
    const status = (await (await call('/api/status')).json()) as Record<string, unknown>
    expect(status).toMatchObject({
      version: '0.1.0',
      chains: [
        {
          name: 'mainnet',
          sight: { state: 'seen' },
          explorer: 'https://etherscan.io',
          verified: { header: true, transactions: true, receipts: true },
          providers: [
            {
              host: 'rpc.acme.example',
              calls: { eth_call: 91_800 },
              day: { calls: expect.any(Number), credits: null },
            },
            { day: { credits: { provider: 'Alchemy', unit: 'compute units', amount: expect.any(Number) } } },
          ],
        },
      ],
      open: [{ id: 'a', state: 'firing', stage: 'provisional', firstSeenAt: at.toISOString() }],
      counts: { firing: { critical: 1 }, deadMessages: 1 },
      deadMessages: [{ id: 'm', lastError: 'Gone.' }],
      attacks: [{ name: 'drain' }],
    })
    expect(status.monitors).toContainEqual(
      expect.objectContaining({
        name: 'price',
        sight: { state: 'blind', reason: 'It reverted.', since: at.toISOString() },
      }),
    )
  })

  test('an alert comes with its facts as they are, whatever was written into them', async () => {
    const facts = { note: '<img src=x onerror=alert(1)>', amount: '115792089237316195423570985008687907853', list: [1] }
    await insertAlert(scene.db, { id: 'a', at, title: '"><script>alert(1)</script>' }, facts)
    const response = await call('/api/alerts/a')
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toMatchObject({
      alert: { title: '"><script>alert(1)</script>', address: vault },
      findings: [{ facts }],
      manual: {
        signal: expect.stringContaining('windows'),
        response: expect.stringContaining('Pause'),
        knownLimits: ['A theft below the caps is not seen.'],
      },
    })
  })

  test('pages of alerts follow each other', async () => {
    for (const id of ['a', 'b', 'c']) await insertAlert(scene.db, { id, at })
    type Page = { alerts: { id: string }[]; next: string }
    const first = (await (await call('/api/alerts?state=open&limit=2')).json()) as Page
    const second = await (await call(`/api/alerts?state=open&limit=2&after=${first.next}`)).json()
    expect(first.alerts).toHaveLength(2)
    expect(second).toMatchObject({ alerts: [{ id: 'a' }], next: null })
  })

  test('silences are made, shown and ended', async () => {
    const endsAt = new Date(Date.now() + 3_600_000).toISOString()
    const made = await post('/api/silences', { match: { monitors: ['drain'] }, reason: 'A drill.', endsAt, by: 'ana' })
    const silence = (await made.json()) as { id: string }
    expect(silence).toMatchObject({ createdBy: 'ana', endsAt, match: { monitors: ['drain'] } })
    const shown = (await (await call('/api/status')).json()) as { silences: unknown[] }
    expect(shown.silences).toEqual([silence])
    await post(`/api/silences/${silence.id}/end`)
    const left = (await (await call('/api/status')).json()) as { silences: unknown[] }
    expect(left.silences).toEqual([])
  })

  test.each<[string, string, unknown, number]>([
    ['an alert that is not', '/api/alerts/nobody/acknowledge', { by: 'ana' }, 404],
    ['a name that is empty', '/api/alerts/a/acknowledge', { by: '  ' }, 400],
    ['a silence without a reason', '/api/silences', { match: {}, endsAt: at.toISOString(), by: 'ana' }, 400],
    ['a silence without an end', '/api/silences', { match: {}, reason: 'For ever', by: 'ana' }, 400],
    [
      'a misspelt matcher, which would silence all',
      '/api/silences',
      { match: { monitor: ['a'] }, reason: 'why not', endsAt: at.toISOString(), by: 'ana' },
      400,
    ],
    ['an attack that is not', '/api/attacks/nobody', {}, 404],
    ['a page that is not', '/api/nowhere', {}, 404],
  ])('refuse %s', async (_, path, body, status) => {
    const response = await post(path, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toHaveProperty('message')
  })

  test('set off attacks in the demo, and only there', async () => {
    expect((await post('/api/attacks/drain')).status).toBe(200)
    expect(scene.attacked).toEqual(['drain'])
    const { demo: _, ...api } = scene.api
    app = createApi({ ...api, allowedHosts: [host] })
    expect((await post('/api/attacks/drain')).status).toBe(404)
    app = createApi({ ...scene.api, allowedHosts: [host, '127.0.0.1:8080'] })
  })

  test('tell nothing of an error that is a bug', async () => {
    const verbs = {
      ...scene.api.verbs,
      acknowledgeAlert: () => Promise.reject(new Error('postgres://tocsin:secret@localhost')),
    }
    app = createApi({ ...scene.api, verbs, allowedHosts: [host] })
    const response = await post('/api/alerts/a/acknowledge', { by: 'ana' })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(scene.bugs).toEqual([new Error('postgres://tocsin:secret@localhost')])
    app = createApi({ ...scene.api, allowedHosts: [host, '127.0.0.1:8080'] })
  })

  test('are described by a document', async () => {
    const document = (await (await call('/api/openapi.json', { headers: { cookie: '' } })).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    expect(Object.keys(document.paths)).toContain('/alerts/{id}/acknowledge')
    expect(JSON.stringify(document.paths['/status'])).toContain('date-time')
  })
})

describe('the probes', () => {
  test('answer without a session', async () => {
    const headers = { cookie: '', origin: '' }
    expect((await call('/healthz', { headers })).status).toBe(200)
    expect(await (await call('/readyz', { headers })).json()).toEqual({ ready: true, reasons: [] })
    expect(await (await call('/metrics', { headers })).text()).toBe('tocsin_up 1\n')
  })

  test('say what is not ready', async () => {
    const chains = () => [sampleChain(new Date(), { blind: { since: at.toISOString(), reason: 'Nobody answers.' } })]
    app = createApi({ ...scene.api, chains, allowedHosts: [host] })
    const response = await call('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ ready: false, reasons: ['mainnet: Nobody answers.'] })
    app = createApi({ ...scene.api, allowedHosts: [host, '127.0.0.1:8080'] })
  })
})

describe('live changes', () => {
  test('are told to 64 consoles at once, and to another when one of them leaves', async () => {
    const events = () => call('/api/events', { headers: { origin: '' } })
    const opened = await Promise.all(Array.from({ length: 64 }, events))
    expect(opened.map(({ status }) => status)).toEqual(Array(64).fill(200))
    expect((await events()).status).toBe(503)
    await opened[0]!.body!.cancel()
    await expect.poll(async () => (await events()).status).toBe(200)
  })
})

describe('the files of the console', () => {
  test('are kept by their hash, and the page never', async () => {
    const page = await call('/', { headers: { origin: '', 'sec-fetch-site': 'cross-site' } })
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await (await call('/alerts/abc')).text()).toContain('<title>Tocsin')
    const script = await call('/assets/index-1a2b.js')
    expect(script.headers.get('cache-control')).toContain('immutable')
  })

  test('are only those of the built console', async () => {
    for (const path of ['/../package.json', '/..%2f..%2fpackage.json', '/assets/', '/assets/../../x.js'])
      expect((await call(path)).status).toBe(404)
  })
})

describe('the server', () => {
  test('listens on loopback only, under its own port, and tells of changes as they are committed', async () => {
    const served = await serveConsole(0, (allowedHosts) => createApi({ ...scene.api, allowedHosts }))
    const session = scene.access.exchange(scene.access.mint())
    const events = await fetch(`${served.url}/api/events`, {
      headers: { cookie: `tocsin-${served.port}=${session}` },
    })
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe(': connected\n\n')
    await scene.db.transaction((tx) => notify(tx, { kind: 'alert', id: 'a' }))
    expect((await reader.read()).value).toBe('event: change\ndata: {"kind":"alert","id":"a"}\n\n')

    expect(await statusFor(served.port, `localhost:${served.port}`)).toBe(200)
    expect(await statusFor(served.port, `evil.example:${served.port}`)).toBe(421)
    await served.close()
    await expect(fetch(served.url)).rejects.toThrow()
    await expect(reader.read()).rejects.toThrow()
  })

  test('says that its port is taken', async () => {
    const served = await serveConsole(0, () => app)
    await expect(serveConsole(served.port, () => app)).rejects.toThrow(`Port ${served.port} is taken`)
    await served.close()
  })

  function statusFor(port: number, hostHeader: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: '/healthz', headers: { host: hostHeader } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject).end()
    })
  }
})
