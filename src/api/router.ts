import { ORPCError, os } from '@orpc/server'
import { z } from 'zod'
import { type ErrorCode, KnownError } from '../model/error.ts'
import { severities } from '../model/severity.ts'
import { findAlert } from '../store/console/findAlert.ts'
import { listAlerts } from '../store/console/listAlerts.ts'
import type { ApiDependencies } from './apiDependencies.ts'
import { readStatus } from './readStatus.ts'
import * as schema from './schemas.ts'

const statuses = {
  not_found: 404,
  invalid: 422,
  conflict: 409,
  forbidden: 403,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>

/** The only place where an error raised on purpose becomes an answer; every other is a bug, and hidden from callers. */
export function toAnswer(error: KnownError): ORPCError<string, { hints: readonly string[] }> {
  return new ORPCError(error.code, {
    status: statuses[error.code],
    message: error.message,
    data: { hints: error.hints },
    cause: error,
  })
}

const base = os.$context<ApiDependencies>().use(async ({ context, next }) => {
  try {
    return await next()
  } catch (error) {
    if (error instanceof KnownError) throw toAnswer(error)
    if (!(error instanceof ORPCError)) context.reportBug(error)
    throw error
  }
})

const id = z.string().min(1).max(200)
/** Who it was, in his own words: accounts come later. */
const by = z.string().trim().min(1).max(80)
const words = z.string().trim().min(3).max(500)

const getStatus = base
  .route({ method: 'GET', path: '/status', summary: 'Chains, monitors, open alerts, silences: all of the first page' })
  .output(schema.statusSchema)
  .handler(({ context }) => readStatus(context))

const listAlertsRoute = base
  .route({ method: 'GET', path: '/alerts', summary: 'Alerts, the one seen last first' })
  .input(
    z.object({
      state: z.enum(['open', 'firing', 'acknowledged', 'resolved']).optional(),
      severity: z.enum(severities).optional(),
      chainId: z.coerce.number().int().nonnegative().optional(),
      monitor: z.string().max(200).optional(),
      since: z.coerce.date().optional(),
      after: z.string().max(300).optional().describe('`next` of the page before.'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  )
  .output(schema.alertPageSchema)
  .handler(({ context, input: { after, limit, ...filter } }) => listAlerts(context.db, { filter, after, limit }))

const getAlert = base
  .route({ method: 'GET', path: '/alerts/{id}', summary: 'An alert, what it rests on, and who was told' })
  .input(z.object({ id }))
  .output(schema.alertDetailSchema.extend({ manual: schema.manualSchema.nullable() }))
  .handler(async ({ context, input }) => {
    const found = await findAlert(context.db, input.id)
    if (!found) throw new KnownError('not_found', `No alert has the id "${input.id}".`)
    return { ...found, manual: context.manuals.get(found.alert.detector) ?? null }
  })

const acknowledgeAlert = base
  .route({ method: 'POST', path: '/alerts/{id}/acknowledge', summary: 'Say that somebody has it in hand' })
  .input(z.object({ id, by }))
  .handler(async ({ context, input }) => void (await context.verbs.acknowledgeAlert(input)))

const resolveAlert = base
  .route({ method: 'POST', path: '/alerts/{id}/resolve', summary: 'End an alert by hand' })
  .input(z.object({ id, by, reason: words }))
  .handler(async ({ context, input }) => void (await context.verbs.resolveAlert(input)))

const createSilence = base
  .route({ method: 'POST', path: '/silences', summary: 'Tell nobody of some alerts for a while' })
  .input(z.object({ match: schema.matcherSchema, reason: words, endsAt: z.coerce.date(), by }))
  .output(schema.silenceSchema)
  .handler(({ context, input: { by: createdBy, ...silence } }) =>
    context.verbs.createSilence({ ...silence, createdBy }),
  )

const endSilence = base
  .route({ method: 'POST', path: '/silences/{id}/end', summary: 'End a silence before its time' })
  .input(z.object({ id }))
  .handler(async ({ context, input }) => void (await context.verbs.endSilence(input)))

const retryMessage = base
  .route({ method: 'POST', path: '/messages/{id}/retry', summary: 'Try a message that was given up once more' })
  .input(z.object({ id }))
  .handler(async ({ context, input }) => void (await context.verbs.retryMessage(input)))

const runAttack = base
  .route({ method: 'POST', path: '/attacks/{name}', summary: 'Set off an attack on the demo chain' })
  .input(z.object({ name: z.string().min(1).max(100) }))
  .handler(async ({ context, input: { name } }) => {
    if (!context.demo) throw new KnownError('not_found', 'This is no demo: nothing here can be attacked.')
    if (!context.demo.attacks.some((attack) => attack.name === name))
      throw new KnownError('not_found', `The demo knows no attack "${name}".`)
    await context.demo.run(name)
  })

const createToken = base
  .route({ method: 'POST', path: '/tokens', summary: 'A one-time token for another browser, good for ten minutes' })
  .output(z.object({ token: z.string() }))
  .handler(({ context }) => ({ token: context.access.mint(10 * 60_000) }))

/** Everything that the API can do, as procedures with a path each. Each parses, calls one verb or query, and answers. */
export const router = {
  getStatus,
  listAlerts: listAlertsRoute,
  getAlert,
  acknowledgeAlert,
  resolveAlert,
  createSilence,
  endSilence,
  retryMessage,
  runAttack,
  createToken,
}
