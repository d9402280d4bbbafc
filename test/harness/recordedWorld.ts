import { movementsOf } from '../../src/evm/ledger/movementsOf.ts'
import type { Address, Block } from '../../src/model/chain.ts'
import type { Read, ReadResult } from '../../src/model/read.ts'
import { World, word } from './scene.ts'

type Amounts = ReadonlyMap<string, bigint>

/**
 * State was not recorded with mainnet. Here everybody held, before the first block, just what he ever falls by: balances
 * move as the transfers of the blocks tell, and whoever pays most of all pays everything that he has.
 */
export class RecordedWorld extends World {
  private readonly first: Amounts
  private readonly after: Amounts[]
  private readonly senders: ReadonlySet<Address>
  /** Of the block that is being judged. */
  private place = 0

  constructor(blocks: readonly Block[]) {
    super()
    const [sums, lowest] = [new Map<string, bigint>(), new Map<string, bigint>()]
    const move = (key: string, by: bigint) => {
      const sum = (sums.get(key) ?? 0n) + by
      sums.set(key, sum)
      if (sum < (lowest.get(key) ?? 0n)) lowest.set(key, sum)
    }
    this.after = [new Map()]
    for (const block of blocks) {
      for (const { asset, id, from, to, amount } of block.transactions.flatMap((each) => movementsIn(block, each))) {
        if (id !== null) continue
        move(`${asset} ${from}`, -amount)
        move(`${asset} ${to}`, amount)
      }
      this.after.push(new Map(sums))
    }
    this.first = new Map([...lowest].map(([key, sum]) => [key, -sum]))
    this.senders = new Set(blocks.flatMap(({ transactions }) => transactions.map(({ from }) => from)))
  }

  enter(place: number): void {
    this.place = place
  }

  override answer(read: Read): ReadResult {
    if (read.kind === 'balance') return this.holding('native', read.of, read.at)
    if (read.kind === 'call' && read.data.startsWith('0x70a08231'))
      return this.holding(read.to, `0x${read.data.slice(34, 74)}`, read.at)
    // Whoever signs transactions has no code; all others that are asked about are contracts, unless they were just made.
    if (read.kind === 'code') return { ok: true, data: this.senders.has(read.of) ? '0x' : '0x60' }
    return super.answer(read)
  }

  private holding(asset: Address | 'native', account: Address, at: Read['at']): ReadResult {
    const key = `${asset} ${account}`
    const moved = this.after[at === 'parent' ? this.place : this.place + 1]?.get(key) ?? 0n
    return { ok: true, data: word((this.first.get(key) ?? 0n) + moved) }
  }
}

function movementsIn({ receipts, traces }: Block, transaction: Block['transactions'][number]) {
  const trace = traces?.get(transaction.hash)
  const receipt = receipts?.[transaction.index] ?? null
  return movementsOf({ transaction, receipt, ...(trace?.ok && { calls: trace.calls }) })
}
