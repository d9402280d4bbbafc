import type { Sleeper } from '../lib/createSleeper.ts'
import { DeliveryError } from '../model/channel.ts'
import { KnownError } from '../model/error.ts'
import type { Message } from '../model/message.ts'
import type { Database } from '../store/database.ts'
import { type MessageRow, markDead, markSent, nextDue, putOff, takeDueMessage } from '../store/messages.ts'
import { notify } from '../store/notify.ts'
import { type Allowance, createAllowance } from './createAllowance.ts'

/** A channel of the config, ready to send. */
export type Outlet = { name: string; perMinute: number; send(message: Message, signal: AbortSignal): Promise<void> }

/** What became of a message. `error` is a sentence without secrets. */
export type DeliveryNote = {
  channel: string
  messageId: string
  result: 'sent' | 'put off' | 'dead'
  error?: string
  attempts: number
}

const sendTimeoutMs = 15_000
/** Longer than one attempt can last, so that nobody takes a message that is being sent. */
const leaseMs = 60_000
/** With these pauses the last of so many attempts comes about a day after the first. */
const attemptsMax = 60
const backoffMsMin = 1_000
const backoffMsMax = 30 * 60_000
/** Where the other side asks for a pause, the whole channel rests, but not for longer than this. */
const restMsMax = 60_000
/** How long we sleep at most when nothing tells us of a new message. */
const idleMs = 1_000
const sleepMsMin = 20
/** What a send under way is given to end when we are told to stop. */
const graceMs = 5_000

/** What delivery stands on. `sleeper` is woken when there may be a new message. */
export type Postman = {
  signal: AbortSignal
  sleeper: Sleeper
  onNote(note: DeliveryNote): void
  /** The database failed; delivery goes on when it answers again. */
  onTrouble(error: unknown): void
}

/**
 * Delivers what waits for one channel until it is told to stop, oldest first and no faster than its rate. What the
 * channel does not take is tried again with growing pauses and given up after about a day, visibly; what is about the
 * same alert waits behind it. Resolves when the send under way has ended.
 */
export async function deliverMessages(db: Database, outlet: Outlet, postman: Postman): Promise<void> {
  const { signal, sleeper } = postman
  const allowance = createAllowance(outlet.perMinute)
  /** Sent, and not yet marked so, because the database did not answer. */
  const unmarked = new Set<string>()
  while (!signal.aborted) {
    try {
      const waitMs = allowance.msToNext()
      const taken = waitMs === 0 ? await takeNext(db, outlet.name) : undefined
      if (taken) postman.onNote(await deliver(db, outlet, { taken, allowance, unmarked, stop: signal }))
      else await sleeper.sleep(waitMs > 0 ? waitMs : await msToNextDue(db, outlet.name), signal)
    } catch (error) {
      postman.onTrouble(error)
      await sleeper.sleep(idleMs, signal)
    }
  }
}

function takeNext(db: Database, channel: string): Promise<MessageRow | undefined> {
  const now = new Date()
  return takeDueMessage(db, { channel, now, leaseEndsAt: new Date(now.getTime() + leaseMs) })
}

async function msToNextDue(db: Database, channel: string): Promise<number> {
  const due = await nextDue(db, channel)
  return due ? Math.max(sleepMsMin, Math.min(idleMs, due.getTime() - Date.now())) : idleMs
}

async function deliver(
  db: Database,
  outlet: Outlet,
  {
    taken,
    allowance,
    unmarked,
    stop,
  }: { taken: MessageRow; allowance: Allowance; unmarked: Set<string>; stop: AbortSignal },
): Promise<DeliveryNote> {
  const note = { channel: outlet.name, messageId: taken.id, attempts: taken.attempts }
  const failure = unmarked.has(taken.id) ? undefined : await trySend(outlet, taken.content, allowance, stop)
  if (!failure) {
    unmarked.add(taken.id)
    await markSent(db, taken.id, new Date())
    unmarked.delete(taken.id)
    await notify(db, { kind: 'message', id: taken.id })
    return { ...note, result: 'sent' }
  }
  const { words: error, retryable, retryAfterMs } = failure
  allowance.rest(Math.min(retryAfterMs, restMsMax))
  if (retryable && taken.attempts < attemptsMax) {
    const waitMs = Math.max(retryAfterMs, Math.min(backoffMsMin * 2 ** (taken.attempts - 1), backoffMsMax))
    await putOff(db, taken, { dueAt: new Date(Date.now() + waitMs), error })
    return { ...note, result: 'put off', error }
  }
  await markDead(db, taken, error)
  await notify(db, { kind: 'message', id: taken.id })
  return { ...note, result: 'dead', error }
}

type Failure = { words: string; retryable: boolean; retryAfterMs: number }

async function trySend(
  outlet: Outlet,
  message: Message,
  allowance: Allowance,
  stop: AbortSignal,
): Promise<Failure | undefined> {
  allowance.use()
  const limit = new AbortController()
  const abort = () => limit.abort()
  const timer = setTimeout(abort, sendTimeoutMs)
  let grace: NodeJS.Timeout | undefined
  const onStop = () => {
    grace = setTimeout(abort, graceMs)
  }
  stop.addEventListener('abort', onStop)
  try {
    await outlet.send(message, limit.signal)
    return undefined
  } catch (error) {
    if (!(error instanceof KnownError)) {
      // Its words are not ours, and may hold a secret.
      const name = error instanceof Error ? error.name : typeof error
      return { words: `The channel failed unexpectedly (${name}).`, retryable: true, retryAfterMs: 0 }
    }
    const retryAfterMs = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0
    return { words: error.message, retryable: error.retryable, retryAfterMs }
  } finally {
    clearTimeout(timer)
    clearTimeout(grace)
    stop.removeEventListener('abort', onStop)
  }
}
