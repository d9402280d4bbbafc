import { encodeAbiParameters } from 'viem'
import { parseBlock } from '../../src/evm/parseBlock.ts'
import { parseReceipts } from '../../src/evm/parseReceipts.ts'
import type { Address, Block, Hex } from '../../src/model/chain.ts'
import type { Contract } from '../../src/model/contract.ts'
import type { AnyDetector, Detection, Watch } from '../../src/model/detector.ts'
import type { Json } from '../../src/model/finding.ts'
import type { Observation } from '../../src/model/observation.ts'
import { type Read, type ReadResult, readKey } from '../../src/model/read.ts'
import { type SomeBlock, block as serveBlock } from './node/block.ts'
import type { ServedBlock } from './node/rpcTypes.ts'

const unavailable: ReadResult = { ok: false, reverted: false, reason: 'nobody answers' }
const reverted: ReadResult = { ok: false, reverted: true, reason: 'the call reverted' }

export const word = (value: bigint | number | Hex): Hex => `0x${BigInt(value).toString(16).padStart(64, '0')}`

/** What the chain answers to reads, by `call ADDRESS DATA`, `balance ADDRESS`, `storage ADDRESS SLOT`, `code ADDRESS`. */
export class World {
  readonly now = new Map<string, Hex>()
  before = new Map<string, Hex>()
  /** Parts of questions that nobody answers. */
  readonly down = new Set<string>()

  set(question: string, answer: Hex | bigint | null): this {
    if (answer === null) this.now.delete(question)
    else this.now.set(question, typeof answer === 'bigint' ? word(answer) : answer)
    return this
  }

  holds(token: Address, account: Address, amount: bigint): this {
    return this.set(`call ${token} 0x70a08231${word(account).slice(2)}`, amount)
  }

  /** What is so now has been so before the next block, too. */
  settle(): this {
    this.before = new Map(this.now)
    return this
  }

  /** A token that answers `symbol()` and `decimals()`. */
  token(token: Address, symbol: string, decimals: number): this {
    const text = encodeAbiParameters([{ type: 'string' }], [symbol])
    return this.set(`call ${token} 0x95d89b41`, text).set(`call ${token} 0x313ce567`, BigInt(decimals))
  }

  answer(read: Read): ReadResult {
    const question = readKey(read).slice(read.at.length + 1)
    if ([...this.down].some((part) => question.includes(part))) return unavailable
    const data = (read.at === 'parent' ? this.before : this.now).get(question)
    if (data !== undefined) return { ok: true, data }
    if (read.kind === 'call') return reverted
    return { ok: true, data: read.kind === 'code' ? '0x' : word(0) }
  }
}

export const contract = (name: string, address: Address, rest: Partial<Contract> = {}): Contract => ({
  name,
  chain: 'testnet',
  address,
  role: 'protected',
  ...rest,
})

export type Seen = Required<Omit<Detection, 'memory'>> & { memory: Record<string, Json>; reads: Read[]; block: Block }

/**
 * One monitor in front of a chain that the test writes: hands each block to the detector as the loop does, carries its
 * memory on, and answers no read that was not asked for.
 */
export function scene(
  detector: AnyDetector,
  on: Contract[],
  {
    options = {},
    names = [],
    world = new World(),
    when,
  }: { options?: unknown; names?: Contract[]; world?: World; when?: string } = {},
) {
  const watch = detector.compile({
    options: detector.options.parse(options),
    targets: on,
    when,
    names: new Map([...on, ...names].map((each) => [each.name, each])),
    chain: { name: 'testnet', id: 31337 },
  })
  const memory = new Map<string, Json>()
  let parent: ServedBlock | undefined
  return {
    watch,
    world,
    memory,
    /** The next block of the chain, 12 seconds after the one before. */
    see(some: SomeBlock = {}): Seen {
      parent = serveBlock(parent ? { parent, ...some } : some)
      return this.judge(modelBlock(parent))
    },
    judge(block: Block): Seen {
      const { reads, detection } = look(watch, block, memory, world)
      const changed = detection.memory ?? {}
      for (const [key, value] of Object.entries(changed)) {
        if (value === null) memory.delete(key)
        else memory.set(key, JSON.parse(JSON.stringify(value)))
      }
      world.settle()
      return { claims: [], cleared: [], blind: [], ...detection, memory: changed, reads, block }
    },
  }
}

/** A block of the harness as the loop reads it from a node. */
export function modelBlock({ block: raw, receipts }: ServedBlock): Block {
  const block = parseBlock(raw)
  return { ...block, receipts: parseReceipts(receipts, block).receipts }
}

function look(watch: Watch, block: Block, memory: Map<string, Json>, world: World) {
  const isDue = ({ everyBlocks }: { everyBlocks: number }) => block.number % everyBlocks === 0
  const view: Omit<Observation, 'state'> = {
    kind: 'block',
    block,
    logs: logsFor(watch, block),
    outcomes: outcomesFor(watch, block),
    ticked: watch.interests.some((interest) => interest.kind === 'tick' && isDue(interest)),
  }
  const due = watch.interests.flatMap((interest) =>
    interest.kind === 'state' && isDue(interest) ? interest.reads : [],
  )
  const isConcerned = view.logs.length > 0 || view.outcomes.length > 0 || view.ticked || due.length > 0
  if (!isConcerned) return { reads: [], detection: {} satisfies Detection as Detection }
  const own = watch.reads?.(view, memory) ?? []
  const asked = new Set([...due, ...own].map(readKey))
  const state = (read: Read) => {
    if (!asked.has(readKey(read))) throw new Error(`nobody asked for: ${readKey(read)}`)
    return world.answer(read)
  }
  return { reads: [...due, ...own], detection: watch.detect({ ...view, state }, memory) }
}

function logsFor({ interests }: Watch, { receipts }: Block) {
  const wanted = interests.filter((interest) => interest.kind === 'log')
  return (receipts ?? [])
    .flatMap(({ logs }) => logs)
    .filter(({ address, topics: [topic] }) =>
      wanted.some(
        ({ addresses, topics }) =>
          (!addresses || addresses.includes(address)) && (!topics || (topic !== undefined && topics.includes(topic))),
      ),
    )
}

function outcomesFor({ interests }: Watch, { transactions, receipts }: Block) {
  return transactions
    .filter(({ from, to, input }) =>
      interests.some((interest) => {
        if (interest.kind === 'transaction') {
          return interest.touching.includes(from) || (to !== null && interest.touching.includes(to))
        }
        if (interest.kind !== 'call' || to === null || !interest.addresses.includes(to)) return false
        return !interest.selectors || interest.selectors.some((selector) => input.startsWith(selector))
      }),
    )
    .map((transaction) => ({ transaction, receipt: receipts?.[transaction.index] ?? null }))
}
