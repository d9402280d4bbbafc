import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi } from '../../src/api/createApi.ts'
import { alerts, blindness, findings, messages, sightings, silences } from '../../src/store/schema.ts'
import { createConsoleScene } from './consoleApi.ts'

export const host = 'localhost:8080'
const origin = `http://${host}`

export type CallOptions = { method?: string; body?: unknown; headers?: Record<string, string> }
export type ApiScene = Awaited<ReturnType<typeof createApiScene>>

/** The API with the files of a small console, called as by the page in a browser that has signed in. */
export async function createApiScene() {
  const webRoot = await mkdtemp(join(tmpdir(), 'tocsin-web-'))
  await mkdir(join(webRoot, 'assets'))
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Tocsin</title>')
  await writeFile(join(webRoot, 'assets', 'index-1a2b.js'), 'export {}')
  const console = await createConsoleScene({
    webRoot,
    demo: {
      attacks: [{ name: 'drain', title: 'Drain the vault', story: 'Somebody found a hole.' }],
      run: async (name) => void console.attacked.push(name),
    },
  })
  const usual = createApi({ ...console.api, allowedHosts: [host, '127.0.0.1:8080'] })
  let cookie = ''

  const scene = {
    ...console,
    /** What answers; a test may put another in its place, which `begin` takes back. */
    app: usual,
    /** Empties the tables and signs in anew. */
    async begin() {
      for (const table of [alerts, findings, sightings, messages, silences, blindness]) await console.db.delete(table)
      cookie = `tocsin-8080=${console.access.exchange(console.access.mint())}`
      scene.app = usual
    },
    /** A call as the console in a browser makes it, but for what `headers` change; an empty header is left out. */
    call(path: string, { method = 'GET', body, headers = {} }: CallOptions = {}) {
      const page = { host, origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie }
      const sent = Object.entries({ ...page, ...headers }).filter(([, value]) => value !== '')
      return scene.app.request(`${origin}${path}`, {
        method,
        headers: Object.fromEntries(sent),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    },
    post: (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      scene.call(path, { method: 'POST', body, headers }),
    async end() {
      await console.end()
      await rm(webRoot, { recursive: true })
    },
  }
  return scene
}
