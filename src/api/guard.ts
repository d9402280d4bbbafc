import type { MiddlewareHandler } from 'hono'

/** Hosts under which a loopback server on `port` may be addressed. */
export function loopbackHosts(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${port}`)
}

/**
 * Answers only where the Host header names us: a foreign name that somebody made resolve to 127.0.0.1 (DNS rebinding)
 * would else make his page one of ours.
 */
export function checkHost(allowedHosts: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host
    if (!allowedHosts.includes(host.toLowerCase()))
      return c.json(
        { code: 'forbidden', message: `Tocsin does not answer to this host name. It is at http://${allowedHosts[0]}.` },
        421,
      )
    await next()
  }
}

/**
 * Answers calls of our own pages only. Other ports of localhost are the same *site*, so that SameSite cookies do not
 * keep their pages out; the origin does. Who is no browser and changes something says `Origin` by himself.
 */
export const checkOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header('origin')
  const fetchSite = c.req.header('sec-fetch-site')
  const safe = c.req.method === 'GET' || c.req.method === 'HEAD'
  const ours = `http://${(c.req.header('host') ?? new URL(c.req.url).host).toLowerCase()}`
  const foreign =
    (origin !== undefined && origin !== ours) ||
    (fetchSite !== undefined && fetchSite !== 'same-origin' && !(safe && fetchSite === 'none')) ||
    (!safe && origin === undefined && fetchSite === undefined)
  if (foreign) return c.json({ code: 'forbidden', message: 'This call does not come from the console.' }, 403)
  await next()
}

/** What every answer says to the browser: nothing foreign is loaded, nothing of ours is framed, guessed or told on. */
export const sayHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  for (const [name, value] of headers) c.header(name, value)
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
}

const headers = Object.entries({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
})
