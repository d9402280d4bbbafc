import { encodeAbiParameters } from 'viem'
import { parseBlock } from '../../src/evm/parseBlock.ts'
import { parseReceipts } from '../../src/evm/parseReceipts.ts'
import { encodeSimulated, type SimulationRead } from '../../src/evm/simulation.ts'
import { layCalls } from '../../src/evm/traces/layCalls.ts'
import { parseCallTracer } from '../../src/evm/traces/parseCallTracer.ts'
import type { Address, Block, Hex, Trace, Transaction } from '../../src/model/chain.ts'
import type { Contract } from '../../src/model/contract.ts'
import type { AnyDetector, Detection, Watch } from '../../src/model/detector.ts'
import type { Json } from '../../src/model/finding.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { Pricing } from '../../src/model/pricing.ts'
import { type Read, type ReadResult, readKey, type SimulatedCall } from '../../src/model/read.ts'
import { createDispatchIndex, type DispatchIndex } from '../../src/watch/dispatchIndex.ts'
import { type SomeBlock, block as serveBlock } from './node/block.ts'
import type { ServedBlock } from './node/rpcTypes.ts'
import { traceAnswers } from './node/traces.ts'

const unavailable: ReadResult = { ok: false, reverted: false, reason: 'nobody answers' }
const reverted: ReadResult = { ok: false, reverted: true, reason: 'the call reverted' }

export const word = (value: bigint | number | Hex): Hex => `0x${BigInt(value).toString(16).padStart(64, '0')}`

/** What the chain answers to reads, by `call ADDRESS DATA`, `balance ADDRESS`, `storage ADDRESS SLOT`, `code ADDRESS`. */
export class World {
  readonly now = new Map<string, Hex>()
  before = new Map<string, Hex>()
  /** Parts of questions that nobody answers. */
  readonly down = new Set<string>()
  /** The world that some calls would lead to; undefined: they would change nothing. */
  simulated: (calls: readonly SimulatedCall[]) => World | undefined = () => undefined

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
    if (read.kind === 'simulation') return this.simulate(read)
    const data = (read.at === 'parent' ? this.before : this.now).get(question)
    if (data !== undefined) return { ok: true, data }
    if (read.kind === 'call') return reverted
    return { ok: true, data: read.kind === 'code' ? '0x' : word(0) }
  }

  private simulate({ calls, probes }: SimulationRead): ReadResult {
    const after = this.simulated(calls) ?? this
    return {
      ok: true,
      data: encodeSimulated({
        calls: calls.map(() => ({ ok: true, data: '0x' })),
        after: probes.map((probe) => after.answer({ at: 'block', ...probe })),
      }),
    }
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
 * memory on, and answers no read that was not asked for. `others`: contracts on another chain.
 */
export function scene(
  detector: AnyDetector,
  on: Contract[],
  {
    options = {},
    names = [],
    world = new World(),
    coin = [],
    when,
    others = [],
  }: {
    options?: unknown
    names?: Contract[]
    world?: World
    /** How the coin of the chain is priced. */
    coin?: readonly Pricing[]
    when?: string
    /** Contracts on another chain. */
    others?: Contract[]
  } = {},
) {
  const known = new Map([...on, ...names].map((each) => [each.name, each]))
  const abroad = new Map(others.map((each) => [each.name, each]))
  const watch = detector.compile({
    options: detector.options.parse(options),
    targets: on,
    when,
    names: known,
    chain: { name: 'testnet', id: 31337, prices: coin },
    anywhere(name) {
      const [here, there] = [known.get(name), abroad.get(name)]
      if (here) return { contract: here, chain: { name: 'testnet', id: 31337 } }
      return there && { contract: there, chain: { name: there.chain, id: 31338 } }
    },
  })
  const one = monitorOf(watch)
  const index = createDispatchIndex([one])
  const memory = new Map<string, Json>()
  let parent: ServedBlock | undefined
  return {
    watch,
    world,
    memory,
    /** The next block of the chain, 12 seconds after the one before. */
    see(some: SomeBlock = {}): Seen {
      parent = serveBlock(parent ? { parent, ...some } : some)
      return this.judge(tracedBlock(parent, index))
    },
    judge(block: Block): Seen {
      const { reads, detection } = look(one, index, block, memory, world)
      const changed = detection.memory ?? {}
      for (const [key, value] of Object.entries(changed)) {
        if (value === null) memory.delete(key)
        else memory.set(key, JSON.parse(JSON.stringify(value)))
      }
      world.settle()
      return { ...nothingSeen(), ...detection, memory: changed, reads, block }
    },
  }
}

const nothingSeen = () => ({ claims: [], cleared: [], grown: [], blind: [], legs: [], totals: [] })

const monitorOf = (watch: Watch): Monitor => ({
  name: 'one',
  detector: 'test',
  chainId: 31337,
  severity: 'high',
  mode: 'active',
  on: [],
  resolveAfterSeconds: null,
  watch,
})

/** A block of the harness as the loop reads it from a node. */
export function modelBlock({ block: raw, receipts }: ServedBlock): Block {
  const block = parseBlock(raw)
  return { ...block, receipts: parseReceipts(receipts, block).receipts }
}

/** The same, with the calls inside those of its transactions whose calls are wanted. */
export function tracedBlock(served: ServedBlock, { wantsTraces }: Pick<DispatchIndex, 'wantsTraces'>): Block {
  const block = modelBlock(served)
  const wanted = wantsTraces(block)
  return wanted.length === 0 ? block : { ...block, traces: new Map(wanted.map((each) => traceOf(served, block, each))) }
}

function traceOf(served: ServedBlock, block: Block, transaction: Transaction): [Hex, Trace] {
  const frames = parseCallTracer(traceAnswers.debugTransaction({ block: served, index: transaction.index }, callTracer))
  const receipt = block.receipts?.[transaction.index] ?? null
  return [transaction.hash, { ok: true, calls: layCalls(frames, transaction, receipt) }]
}

const callTracer = { tracer: 'callTracer' }

function look(monitor: Monitor, index: DispatchIndex, block: Block, memory: Map<string, Json>, world: World) {
  const { watch } = monitor
  const hits = index.match(block).get(monitor)
  if (!hits) return { reads: [], detection: {} satisfies Detection as Detection }
  const { logs, outcomes, ticked } = hits
  const view: Omit<Observation, 'state'> = { kind: 'block', block, logs, outcomes, ticked }
  const reads = [...hits.reads, ...(watch.reads?.(view, memory) ?? [])]
  const asked = new Set(reads.map(readKey))
  const state = (read: Read) => {
    if (!asked.has(readKey(read))) throw new Error(`nobody asked for: ${readKey(read)}`)
    return world.answer(read)
  }
  return { reads, detection: watch.detect({ ...view, state }, memory) }
}
