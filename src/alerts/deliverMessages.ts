import type { Sleeper } from '../lib/createSleeper.ts'
import { DeliveryError } from '../model/channel.ts'
import { KnownError } from '../model/error.ts'
import type { Message } from '../model/message.ts'
import type { Database } from '../store/database.ts'
import { type MessageRow, markDead, markSent, nextDue, putOff, takeDueMessages } from '../store/messages.ts'
import { notify } from '../store/notify.ts'

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
const attemptsMax = 12
const backoffMsMin = 1_000
const backoffMsMax = 30 * 60_000
/** How long we sleep at most when nothing tells us of a new message. */
const idleMs = 1_000

/** What delivery stands on. `sleeper` is woken when there may be a new message. */
export type Postman = {
  signal: AbortSignal
  sleeper: Sleeper
  onNote(note: DeliveryNote): void
  /** The database failed; delivery goes on when it answers again. */
  onTrouble(error: unknown): void
}

/**
 * Delivers what waits for one channel until it is told to stop, in order and no faster than its rate. What the channel
 * does not take is tried again with growing pauses and given up after about two hours, visibly.
 * Resolves when the send under way has ended.
 */
export async function deliverMessages(db: Database, outlet: Outlet, postman: Postman): Promise<void> {
  const { signal, sleeper } = postman
  const allowance = createAllowance(outlet.perMinute)
  while (!signal.aborted) {
    try {
      const now = new Date()
      const taken = allowance.some() ? await takeNext(db, outlet.name, now) : undefined
      if (taken) {
        allowance.use()
        postman.onNote(await attempt(db, outlet, taken, signal))
      } else {
        const due = await nextDue(db, [outlet.name])
        const dueInMs = due ? Math.max(0, due.getTime() - Date.now()) : idleMs
        await sleeper.sleep(allowance.some() ? Math.min(idleMs, dueInMs) : allowance.msToNext(), signal)
      }
    } catch (error) {
      postman.onTrouble(error)
      await sleeper.sleep(idleMs, signal)
    }
  }
}

async function takeNext(db: Database, channel: string, now: Date): Promise<MessageRow | undefined> {
  const leaseEndsAt = new Date(now.getTime() + leaseMs)
  const [row] = await takeDueMessages(db, { channel, now, leaseEndsAt, limit: 1 })
  return row
}

const burstMax = 10

/** How many messages may be sent now: it fills up at the channel's rate, to a small burst. */
function createAllowance(perMinute: number) {
  const most = Math.min(perMinute, burstMax)
  let credit = most
  let countedAt = performance.now()
  const count = () => {
    const now = performance.now()
    credit = Math.min(most, credit + ((now - countedAt) * perMinute) / 60_000)
    countedAt = now
    return credit
  }
  return {
    some: () => count() >= 1,
    use: () => {
      credit -= 1
    },
    msToNext: () => Math.ceil(((1 - count()) * 60_000) / perMinute),
  }
}

async function attempt(db: Database, outlet: Outlet, row: MessageRow, stop: AbortSignal): Promise<DeliveryNote> {
  const note = { channel: outlet.name, messageId: row.id, attempts: row.attempts }
  try {
    await outlet.send(row.content, AbortSignal.any([stop, AbortSignal.timeout(sendTimeoutMs)]))
    await markSent(db, row.id, new Date())
    await notify(db, { kind: 'message', id: row.id })
    return { ...note, result: 'sent' }
  } catch (error) {
    const words = error instanceof KnownError ? error.message : `The channel failed: ${String(error).slice(0, 200)}`
    const retryable = error instanceof KnownError ? error.retryable : true
    if (retryable && row.attempts < attemptsMax) {
      await putOff(db, row.id, { dueAt: new Date(Date.now() + waitMsAfter(error, row.attempts)), error: words })
      return { ...note, result: 'put off', error: words }
    }
    await markDead(db, row.id, words)
    await notify(db, { kind: 'message', id: row.id })
    return { ...note, result: 'dead', error: words }
  }
}

function waitMsAfter(error: unknown, attempts: number): number {
  const wished = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0
  return Math.max(wished, Math.min(backoffMsMin * 2 ** (attempts - 1), backoffMsMax))
}
