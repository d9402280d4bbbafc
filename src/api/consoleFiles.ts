import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { Hono } from 'hono'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/**
 * The built console. Its files are read once, so that no path of a request ever reaches the file system; names under
 * `/assets` hold a hash of what is in them and are kept by browsers for good.
 *
 * @param root Folder that Vite built.
 */
export function createConsoleFiles(root: string): Hono {
  const files = readFiles(root)
  const page = files.get('/index.html')
  const app = new Hono()
  for (const [path, { body, type }] of files) {
    const cacheControl = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    app.get(path, (c) => c.body(body, 200, { 'content-type': type, 'cache-control': cacheControl }))
  }
  for (const path of ['/', '/alerts/:id'])
    app.get(path, (c) =>
      page
        ? c.body(page.body, 200, { 'content-type': page.type, 'cache-control': 'no-cache' })
        : c.text('The console is not built yet. `npm start` builds it.', 503),
    )
  return app
}

function readFiles(root: string): Map<string, { body: Uint8Array<ArrayBuffer>; type: string }> {
  if (!existsSync(root)) return new Map()
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return new Map(
    paths.flatMap((path) => {
      const type = types[extname(path)]
      if (type === undefined) return []
      return [
        [`/${path.split(sep).join('/')}`, { body: new Uint8Array(readFileSync(join(root, path))), type }] as const,
      ]
    }),
  )
}
