import { parseTransaction } from '../../evm/parseBlock.ts'
import { asHash } from '../../evm/parseHex.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { createBoundedMap } from '../../lib/createBoundedMap.ts'
import type { Address, Hex, Transaction } from '../../model/chain.ts'
import type { Monitor } from '../../model/monitor.ts'
import type { PendingTouch } from './pendingTouch.ts'

/** A pending transaction that touches what some monitors watch. */
export type Touching = { transaction: Transaction; monitors: readonly Monitor[] }

/** Sorts what providers tell of as pending into what is to be asked for, looked up and tried. Bounded in all of it. */
export type PendingInbox = {
  /** @param notice A hash or a whole transaction, as a provider wrote it. What is neither is passed over. */
  told(notice: unknown): void
  /** The same of one that was told of before, and is to be judged anew. */
  toldAgain(notice: unknown): void
  /** Hashes of which the transactions are to be asked for. */
  takeHashes(count: number): Hex[]
  /** Those that call contracts of which it is not known whether their code holds one of our addresses. */
  takeUnknown(count: number): Transaction[]
  /** The first of each sender, then the second of each: who sends many gets in nobody's way. */
  takeTouching(count: number): Touching[]
  /** Sorts in anew what could not be sorted before. */
  sort(transaction: Transaction): void
  waiting(): { hashes: number; unknown: number; touching: number }
  /** How many were passed over since it was last asked, as there were more than there was time for. */
  takeLost(): number
}

/** What is told of again, and by several providers. */
const seenMax = 16_384
const waitingMax = { hashes: 4_096, unknown: 2_048, touching: 256 } as const
/** Of one sender at once: whoever sends more gets in nobody's way but his own. */
const perSenderMax = 8

/** @param heard Hears of every whole transaction, once. */
export function createPendingInbox(touch: PendingTouch, heard: (transaction: Transaction) => void): PendingInbox {
  const told = createBoundedMap<Hex, true>(seenMax)
  const whole = createBoundedMap<Hex, true>(seenMax)
  const hashes = createBoundedMap<Hex, Hex>(waitingMax.hashes)
  const unknown = createBoundedMap<Hex, Transaction>(waitingMax.unknown)
  const touching = createBoundedMap<Hex, Touching>(waitingMax.touching)
  let lost = 0

  function sort(transaction: Transaction): void {
    const { hash, from } = transaction
    const monitors = touch.monitorsOf(transaction)
    if (monitors && monitors.length > 0 && transaction.to === null) touch.creates(transaction)
    // What is new is worth more than what is old, which may be in a block by now.
    if (monitors === null) lost += Number(unknown.set(hash, transaction))
    else if (monitors.length === 0) return
    else if (touching.values().filter((each) => each.transaction.from === from).length >= perSenderMax) lost++
    else lost += Number(touching.set(hash, { transaction, monitors }))
  }

  function read(notice: unknown, isAgain: boolean): void {
    if (typeof notice === 'string') {
      const hash = asHash(notice, 'the hash of a pending transaction')
      if (told.has(hash) || whole.has(hash)) return
      told.set(hash, true)
      lost += Number(hashes.set(hash, hash))
      return
    }
    const transaction = parseTransaction(notice, 0)
    if (whole.has(transaction.hash) && !isAgain) return
    whole.set(transaction.hash, true)
    heard(transaction)
    sort(transaction)
  }

  function readSafely(notice: unknown, isAgain: boolean): void {
    try {
      read(notice, isAgain)
    } catch (error) {
      // What is no transaction cannot be mined either.
      if (!(error instanceof RpcError)) throw error
    }
  }

  return {
    told: (notice) => readSafely(notice, false),
    toldAgain: (notice) => readSafely(notice, true),
    takeHashes: hashes.take,
    takeUnknown: unknown.take,
    takeTouching(count) {
      const taken = inTurn(touching.values()).slice(0, count)
      for (const { transaction } of taken) touching.delete(transaction.hash)
      return taken
    },
    sort,
    waiting: () => ({ hashes: hashes.size(), unknown: unknown.size(), touching: touching.size() }),
    takeLost() {
      const count = lost
      lost = 0
      return count
    },
  }
}

function inTurn(touching: readonly Touching[]): Touching[] {
  const counts = new Map<Address, number>()
  const ranked = touching.map((each) => {
    const rank = counts.get(each.transaction.from) ?? 0
    counts.set(each.transaction.from, rank + 1)
    return { each, rank }
  })
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ each }) => each)
}
