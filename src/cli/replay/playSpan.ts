import { setTimeout as sleep } from 'node:timers/promises'
import { fetchHeader } from '../../evm/fetchBlock.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { patientClient } from '../../evm/rpc/patientClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { KnownError } from '../../model/error.ts'
import type { Monitor } from '../../model/monitor.ts'
import { type Lesson, learn } from '../../watch/learn.ts'
import { type Replayed, replay } from '../../watch/replay.ts'
import type { BlockSpan } from './blockSpan.ts'
import { createTally, type Summary } from './tally.ts'

const ahead = 8
const oneChainOnly = 'It compares two chains, and one alone is replayed: nothing was judged.'

type Played = {
  client: ChainClient
  monitors: readonly Monitor[]
  span: BlockSpan
  /** How many blocks before it they learn from. */
  lookBack: number
}

/**
 * Shows the monitors a stretch of the past, block by block, and counts. Where the chain cannot be read any more it says
 * so on standard error and in the summary. Closes the client.
 * @throws {KnownError} There is no such block yet.
 */
export async function playSpan(
  { client, monitors, span, lookBack }: Played,
  onBlock: (replayed: Replayed) => void | Promise<void>,
): Promise<Summary> {
  const patient = patientClient(client, sleep)
  const start = performance.now()
  const tally = createTally(span)
  for (const { name, watch } of monitors) if (watch.bridge) tally.leaveOut(name, oneChainOnly)
  let lesson: Lesson | undefined
  try {
    await refuseFuture(client, span)
    lesson = await learn({ client, monitors, ahead }, { first: span.from, lookBack })
    if (lesson.cut) process.stderr.write(`Not all blocks before ${span.from} could be learnt from: ${lesson.cut}\n`)
    for await (const replayed of replay({ client: patient, monitors, ahead }, span, lesson)) {
      tally.add(replayed)
      await onBlock(replayed)
    }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    tally.giveUp(error.message)
    process.stderr.write([error.message, ...error.hints.map((hint) => `  ${hint}`), ''].join('\n'))
  } finally {
    client.close()
  }
  const rpcCalls = client.providers().reduce((sum, provider) => sum + provider.requests, 0)
  const learnt = lesson?.range ?? null
  return tally.summary({ elapsedMs: Math.round(performance.now() - start), rpcCalls, learnt })
}

/** Hours may pass before a replay comes to the block that is not there. Whoever cannot say which is the newest refuses none. */
async function refuseFuture(client: ChainClient, { to }: BlockSpan): Promise<void> {
  const newest = await fetchHeader(client, 'latest').catch((error: unknown) => {
    if (error instanceof RpcError) return null
    throw error
  })
  if (newest === null || to <= newest.number) return
  throw new KnownError('not_found', `--to ${to} lies after the newest block, ${newest.number}.`)
}
