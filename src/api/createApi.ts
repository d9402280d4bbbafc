import { OpenAPIGenerator } from '@orpc/openapi'
import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { KnownError } from '../model/error.ts'
import { type Access, sessionLifetimeMs } from './access.ts'
import type { ApiDependencies } from './apiDependencies.ts'
import { createConsoleFiles } from './consoleFiles.ts'
import { createEvents } from './events.ts'
import { checkHost, checkOrigin, sayHeaders } from './guard.ts'
import { createProbes } from './probes.ts'
import { router, toAnswer } from './router.ts'

/** The console and its API, as one application that answers requests. */
export function createApi(api: ApiDependencies): Hono {
  return new Hono()
    .use(sayHeaders, checkHost(api.allowedHosts))
    .route('/', createProbes(api))
    .route('/api', createCalls(api))
    .route('/', createConsoleFiles(api.webRoot))
    .onError((error, c) => {
      if (error instanceof HTTPException) return error.getResponse()
      api.reportBug(error)
      return c.json({ code: 'internal', message: 'Something went wrong within Tocsin; its log says what.' }, 500)
    })
    .notFound((c) => c.json({ code: 'not_found', message: 'There is nothing here.' }, 404))
}

function createCalls(api: ApiDependencies): Hono {
  const handler = new OpenAPIHandler(router)
  const document = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(router, {
    info: { title: 'Tocsin', version: api.version },
    servers: [{ url: '/api' }],
  })

  return new Hono()
    .use(checkOrigin, bodyLimit({ maxSize: 64 * 1024 }))
    .get('/openapi.json', async (c) => c.json(await document))
    .post('/session', (c) => openSession(c, api.access))
    .use(async (c, next) => {
      const secret = getCookie(c, cookieName(c))
      if (secret === undefined || !api.access.admits(secret))
        return c.json({ code: 'unauthorized', message: 'Open the link that Tocsin printed when it started.' }, 401)
      await next()
    })
    .delete('/session', (c) => {
      api.access.end(getCookie(c, cookieName(c)) ?? '')
      deleteCookie(c, cookieName(c), { path: '/' })
      return c.body(null, 204)
    })
    .get('/events', createEvents(api.subscribe))
    .use(async (c, next) => {
      const { matched, response } = await handler.handle(c.req.raw, { prefix: '/api', context: api })
      if (matched) return c.newResponse(response.body, response)
      await next()
    })
}

const sessionInput = z.strictObject({ token: z.string().min(1).max(200) })

async function openSession(c: Context, access: Access): Promise<Response> {
  const input = sessionInput.safeParse(await c.req.json().catch(() => null))
  if (!input.success) return c.json({ code: 'invalid', message: 'Give a token: {"token":"…"}.' }, 422)
  try {
    setCookie(c, cookieName(c), access.exchange(input.data.token), {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
      maxAge: sessionLifetimeMs / 1000,
    })
    return c.body(null, 204)
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const answer = toAnswer(error)
    return c.json(answer.toJSON(), error.code === 'unavailable' ? 429 : 403)
  }
}

/** Cookies know no ports: two Tocsins on one machine keep theirs apart by name. */
function cookieName(c: Context): string {
  return `tocsin-${(c.req.header('host') ?? '').replace(/^.*:(?=\d+$)/, '')}`
}
