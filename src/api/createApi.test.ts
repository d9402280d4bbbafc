import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ApiScene, createApiScene, host } from '../../test/harness/apiScene.ts'
import { insertAlert, insertMessage, sampleChain, vault } from '../../test/harness/consoleScene.ts'
import { noteBlindness } from '../store/blindness.ts'
import { notify } from '../store/notify.ts'
import { createApi } from './createApi.ts'
import { serveConsole } from './serveConsole.ts'

const at = new Date('2026-03-01T03:00:00Z')
let scene: ApiScene
beforeAll(async () => {
  scene = await createApiScene()
})
beforeEach(() => scene.begin())
afterAll(() => scene.end())

describe('the calls', () => {
  test('status tells what is open, seen and silenced', async () => {
    await insertAlert(scene.db, { id: 'a', at })
    await insertMessage(scene.db, { id: 'm', at, state: 'dead', lastError: 'Gone.' })
    await noteBlindness(scene.db, { chainId: 1, reasons: new Map([['price', 'It reverted.']]), at, block: 7 })
    const status = (await (await scene.call('/api/status')).json()) as Record<string, unknown>
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
    const response = await scene.call('/api/alerts/a')
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
    const first = (await (await scene.call('/api/alerts?state=open&limit=2')).json()) as Page
    const second = await (await scene.call(`/api/alerts?state=open&limit=2&after=${first.next}`)).json()
    expect(first.alerts).toHaveLength(2)
    expect(second).toMatchObject({ alerts: [{ id: 'a' }], next: null })
  })

  test('silences are made, shown and ended', async () => {
    const endsAt = new Date(Date.now() + 3_600_000).toISOString()
    const made = await scene.post('/api/silences', {
      match: { monitors: ['drain'] },
      reason: 'A drill.',
      endsAt,
      by: 'ana',
    })
    const silence = (await made.json()) as { id: string }
    expect(silence).toMatchObject({ createdBy: 'ana', endsAt, match: { monitors: ['drain'] } })
    const shown = (await (await scene.call('/api/status')).json()) as { silences: unknown[] }
    expect(shown.silences).toEqual([silence])
    await scene.post(`/api/silences/${silence.id}/end`)
    const left = (await (await scene.call('/api/status')).json()) as { silences: unknown[] }
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
    const response = await scene.post(path, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toHaveProperty('message')
  })

  test('set off attacks in the demo, and only there', async () => {
    expect((await scene.post('/api/attacks/drain')).status).toBe(200)
    expect(scene.attacked).toEqual(['drain'])
    const { demo: _, ...api } = scene.api
    scene.app = createApi({ ...api, allowedHosts: [host] })
    expect((await scene.post('/api/attacks/drain')).status).toBe(404)
  })

  test('tell nothing of an error that is a bug', async () => {
    const verbs = {
      ...scene.api.verbs,
      acknowledgeAlert: () => Promise.reject(new Error('postgres://tocsin:secret@localhost')),
    }
    scene.app = createApi({ ...scene.api, verbs, allowedHosts: [host] })
    const response = await scene.post('/api/alerts/a/acknowledge', { by: 'ana' })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(scene.bugs).toEqual([new Error('postgres://tocsin:secret@localhost')])
  })

  test('are described by a document', async () => {
    const document = (await (await scene.call('/api/openapi.json', { headers: { cookie: '' } })).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    expect(Object.keys(document.paths)).toContain('/alerts/{id}/acknowledge')
    expect(JSON.stringify(document.paths['/status'])).toContain('date-time')
  })
})

describe('the probes', () => {
  test('answer without a session', async () => {
    const headers = { cookie: '', origin: '' }
    expect((await scene.call('/healthz', { headers })).status).toBe(200)
    expect(await (await scene.call('/readyz', { headers })).json()).toEqual({ ready: true, reasons: [] })
    expect(await (await scene.call('/metrics', { headers })).text()).toBe('tocsin_up 1\n')
  })

  test('say what is not ready', async () => {
    const chains = () => [sampleChain(new Date(), { blind: { since: at.toISOString(), reason: 'Nobody answers.' } })]
    scene.app = createApi({ ...scene.api, chains, allowedHosts: [host] })
    const response = await scene.call('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ ready: false, reasons: ['mainnet: Nobody answers.'] })
  })
})

describe('live changes', () => {
  test('are told to 64 consoles at once, and to another when one of them leaves', async () => {
    const events = () => scene.call('/api/events', { headers: { origin: '' } })
    const opened = await Promise.all(Array.from({ length: 64 }, events))
    expect(opened.map(({ status }) => status)).toEqual(Array(64).fill(200))
    expect((await events()).status).toBe(503)
    await opened[0]!.body!.cancel()
    await expect.poll(async () => (await events()).status).toBe(200)
  })
})

describe('the files of the console', () => {
  test('are kept by their hash, and the page never', async () => {
    const page = await scene.call('/', { headers: { origin: '', 'sec-fetch-site': 'cross-site' } })
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await (await scene.call('/alerts/abc')).text()).toContain('<title>Tocsin')
    const script = await scene.call('/assets/index-1a2b.js')
    expect(script.headers.get('cache-control')).toContain('immutable')
  })

  test('are only those of the built console', async () => {
    for (const path of ['/../package.json', '/..%2f..%2fpackage.json', '/assets/', '/assets/../../x.js'])
      expect((await scene.call(path)).status).toBe(404)
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
    const served = await serveConsole(0, () => scene.app)
    await expect(serveConsole(served.port, () => scene.app)).rejects.toThrow(`Port ${served.port} is taken`)
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
