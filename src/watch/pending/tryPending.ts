import { readState } from '../../evm/readState.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { type Creation, simulateTransaction, type Trial } from '../../evm/simulateTransaction.ts'
import type { Block, BlockHeader, Hex, Transaction } from '../../model/chain.ts'
import type { PendingWatch } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Monitor } from '../../model/monitor.ts'
import type { PendingObservation } from '../../model/observation.ts'
import { type Probe, type Read, type ReadResult, readKey, simulatedMax } from '../../model/read.ts'
import type { Touching } from './pendingInbox.ts'
import type { PendingCreation, PendingTouch } from './pendingTouch.ts'

/** What the monitors say of a pending transaction. `failed`: it would have no effect now. */
export type Tried = { claims: { monitor: Monitor; claim: Claim }[]; blind: string[]; failed: boolean }

type Deps = { client: ChainClient; touch: PendingTouch }
type View = Omit<PendingObservation, 'state'>
type Answers = Map<string, ReadResult>

/**
 * Tries one pending transaction on the newest block as its sender: once, and once more where what it would do makes the
 * monitors ask for more.
 * @throws {RpcError} Nobody could try it.
 */
export async function tryPending(
  { client, touch }: Deps,
  head: BlockHeader,
  { transaction, monitors }: Touching,
): Promise<Tried> {
  const watches = monitors.flatMap((monitor) =>
    monitor.watch.pending ? [{ monitor, watch: monitor.watch.pending }] : [],
  )
  const { to } = transaction
  const creation = to === null ? undefined : await madeBefore(client, head, touch.creationOf(to))
  const isYoung = to === null ? true : touch.isYoung(to)
  const simulate = (reads: readonly Read[]) => {
    const probes = probesIn(reads).slice(0, simulatedMax.probes)
    return simulateTransaction(client, head, transaction, { probes, creation })
  }
  const standing = distinct(watches.flatMap(({ watch }) => watch.reads))
  const first = await unlessImpossible(simulate(standing))
  if (!first) return { claims: [], blind: [], failed: true }
  if (first.receipt.status === 'reverted') return { claims: [], blind: [], failed: true }
  const view: View = { ...viewOf(head, transaction, first), isYoung }
  const more = distinct(watches.flatMap(({ watch }) => watch.moreReads(view)))
  const second = probesIn(more).length > 0 ? await simulate(more) : null
  const answers: Answers = new Map([...first.after, ...(second?.after ?? [])])
  for (const [key, answer] of await readNow(client, head, [...standing, ...more])) answers.set(key, answer)
  return { ...judge(watches, view, answers), failed: false }
}

/** Null: it cannot be made at all, as its sender has not the coins that it would pay. */
async function unlessImpossible(trial: Promise<Trial>): Promise<Trial | null> {
  try {
    return await trial
  } catch (error) {
    if (error instanceof RpcError && error.fault === 'answered' && /insufficient (funds|balance)/i.test(error.message))
      return null
    throw error
  }
}

/** A contract that is pending itself, with the code that it would have. */
async function madeBefore(
  client: ChainClient,
  head: BlockHeader,
  creation: PendingCreation | undefined,
): Promise<Creation | undefined> {
  if (!creation) return undefined
  const { transaction } = creation
  creation.code ??= (await simulateTransaction(client, head, transaction)).returned
  return { transaction, code: creation.code }
}

function judge(
  watches: readonly { monitor: Monitor; watch: PendingWatch }[],
  view: View,
  answers: Answers,
): Omit<Tried, 'failed'> {
  const tried: Omit<Tried, 'failed'> = { claims: [], blind: [] }
  const state = (read: Read): ReadResult => answers.get(readKey(read)) ?? notAsked
  for (const { monitor, watch } of watches) {
    try {
      const { claims = [], blind = [] } = watch.judge({ ...view, state })
      tried.claims.push(...claims.slice(0, claimsMax).map((claim) => ({ monitor, claim })))
      tried.blind.push(...blind)
    } catch (error) {
      tried.blind.push(`the detector failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return tried
}

/** Of one monitor about one transaction. */
const claimsMax = 8
const notAsked: ReadResult = { ok: false, reverted: false, reason: 'more is asked than one simulation answers' }
const distinct = (reads: readonly Read[]): Read[] => [...new Map(reads.map((read) => [readKey(read), read])).values()]

function probesIn(reads: readonly Read[]): Probe[] {
  return reads.flatMap((read): Probe[] => {
    if (read.at === 'parent') return []
    return read.kind === 'call' || read.kind === 'balance' || read.kind === 'storage' ? [read] : []
  })
}

/** What is so now: the parent of the block that the transaction would stand in is the newest one. */
async function readNow(client: ChainClient, head: BlockHeader, reads: readonly Read[]): Promise<Answers> {
  const now = reads.filter(({ at }) => at === 'parent')
  if (now.length === 0) return new Map()
  const asked = now.map((read): Read => ({ ...read, at: 'block' }))
  const answers = await readState(client, head, asked)
  return new Map(now.map((read, place) => [readKey(read), answers.get(readKey(asked[place]!))!]))
}

/** Nothing of it is hashed: it is no block of any chain. */
const noHash: Hex = `0x${'0'.repeat(64)}`

function viewOf(head: BlockHeader, transaction: Transaction, { receipt, calls }: Trial): Omit<View, 'isYoung'> {
  const block: Block = {
    ...{ number: head.number + 1, hash: noHash, parentHash: head.hash, timestamp: head.timestamp + 1 },
    ...{ logsBloom: head.logsBloom, transactions: [transaction], receipts: [receipt] },
  }
  return { kind: 'block', block, logs: receipt.logs, outcomes: [{ transaction, receipt, calls }], ticked: false }
}
