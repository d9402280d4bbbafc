import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoClient } from './connect.ts'
import type { Protocol } from './protocol.ts'
import { mined } from './send.ts'
import type { Actor } from './traffic/actor.ts'
import { keeper } from './traffic/keeper.ts'
import { type Random, seededRandom } from './traffic/random.ts'
import { treasurer } from './traffic/treasurer.ts'
import { users } from './traffic/users.ts'
import { voters } from './traffic/voters.ts'

export type TrafficOptions = {
  client: DemoClient
  protocol: Protocol
  signal: AbortSignal
  seed?: number
  /** Stretches every pause; 0 does without. */
  pace?: number
  /** Told of each transaction that is in a block. */
  onMined?(status: 'success' | 'reverted'): void
  /** Told what went wrong in sending. The traffic goes on. */
  onError?(error: unknown, actor: string): void
}

/** After a failure, so that a chain that is gone is not asked in a busy loop. */
const failurePauseMs = 500

/**
 * Ordinary life on the demo chain: about one and a half transactions per second, from nine senders of which each has
 * one in flight at most. Resolves when the signal has ended it and nothing is in flight any more; never rejects.
 */
export async function runTraffic({ client, protocol, seed = 1, ...rest }: TrafficOptions): Promise<void> {
  const world = { client, protocol }
  const actors = [...users(world), keeper(world), treasurer(world), voters(world)]
  await Promise.all(
    actors.map((actor, index) => live(actor, { client, random: seededRandom(seed * 100 + index), ...rest })),
  )
}

async function live(
  actor: Actor,
  {
    client,
    random,
    signal,
    pace = 1,
    onMined,
    onError,
  }: Omit<TrafficOptions, 'protocol' | 'seed'> & { random: Random },
): Promise<void> {
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal }).catch(() => {})
  while (!signal.aborted) {
    await pause(actor.everySeconds * 1_000 * pace * (0.5 + random()))
    if (signal.aborted) return
    try {
      const hash = await actor.act(random)
      if (hash) onMined?.((await mined(client, hash)).status)
    } catch (error) {
      onError?.(error, actor.name)
      await pause(failurePauseMs)
    }
  }
}
