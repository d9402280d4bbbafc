import { seededRandom } from '../seededRandom.ts'
import { answer, findBlock, type World } from './answer.ts'
import { type Forgery, falseHash, forged } from './forged.ts'
import type { MixedIds } from './jsonRpc.ts'
import type { NodeChain } from './nodeChain.ts'
import type { RpcBlock, RpcLog, RpcReceipt, ServedBlock } from './rpcTypes.ts'

/** Left out: every request, always. `times` counts the hits down; `rate` (0 to 1) is thrown with the node's seed. */
type Scope = { methods?: readonly string[]; times?: number; rate?: number }

/** What becomes of a whole request. `hang` never answers; `slow` does, later; `drip` begins to, and never ends. */
export type TransportFault =
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  | { kind: 'hang' }
  | { kind: 'drop' }
  | { kind: 'malformed' }
  | { kind: 'oversized'; megabytes: number }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'drip' }
  | { kind: 'mixedIds'; as: MixedIds }

/** What becomes of the answer to one call. */
export type AnswerFault =
  | { kind: 'error'; code: number; message: string; data?: unknown }
  /** The newest block is counted but not there yet. */
  | { kind: 'nullHeadBlock' }
  /** `partial` leaves out the last receipt; `absent` answers without any `result`. */
  | { kind: 'headReceipts'; as: 'null' | 'empty' | 'partial' | 'absent' }
  /** The last log of a block is missing from its receipts (and from eth_getLogs). */
  | { kind: 'omitLog' }
  | { kind: 'chainId'; chainId: number }
  /** Every other question for the head is answered with an older one, as behind a load balancer. */
  | { kind: 'staleHead'; by: number }
  | { kind: 'jumpHead'; by: number }
  /** Whatever is asked, a node answers that is so many blocks behind: one of several behind a load balancer. */
  | { kind: 'laggard'; by: number }
  /** Blocks whose number is a multiple of `every` are not what they were, see `Forgery`. */
  | { kind: 'forge'; as: Forgery; every?: number }
  /** Logs say of themselves that a reorg has taken them away. */
  | { kind: 'removedLogs' }
  /** A log that is no log (the first of the block), or a block whose number is no hex string. */
  | { kind: 'wrongType'; as: 'missingTopics' | 'numberData' | 'fiveTopics' | 'oddHex' | 'blockNumber' }
  /** Anything else. `undefined` answers without `result`. */
  | { kind: 'rewrite'; rewrite: (result: unknown, params: readonly unknown[]) => unknown }
  /** Subscriptions are accepted, but no new head is ever told. */
  | { kind: 'muteHeads' }
  /** A subscription tells of heads that there are not, and in words that mean nothing. */
  | { kind: 'strangeHeads' }

export type Fault = Scope & (TransportFault | AnswerFault)

export type Faults = {
  /** Switches one fault on; the answer switches it off again. Of several that fit, the one added first acts. */
  add(fault: Fault): () => void
  clear(): void
}

type Active = { fault: Fault; left: number; hits: number }
type Hit<Kind> = Extract<Fault, Kind> & { hits: number }

const transportKinds = ['status', 'hang', 'drop', 'malformed', 'oversized', 'slow', 'drip', 'mixedIds']

const headKinds = ['muteHeads', 'strangeHeads']

/** The faults of one node, with the two questions that its server asks of them. */
export function newFaults(seed: number) {
  const active = new Set<Active>()
  const random = seededRandom(seed)

  const take = (methods: readonly string[], fits: (fault: Fault) => boolean) => {
    for (const entry of active) {
      const { fault } = entry
      if (!fits(fault) || entry.left <= 0) continue
      if (fault.methods && !methods.some((method) => fault.methods?.includes(method))) continue
      if (fault.rate !== undefined && random() >= fault.rate) continue
      entry.left -= 1
      entry.hits += 1
      return { ...fault, hits: entry.hits }
    }
    return null
  }

  return {
    add(fault: Fault) {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY, hits: 0 }
      active.add(entry)
      return () => void active.delete(entry)
    },
    clear: () => active.clear(),
    /** The fault that befalls this HTTP request, if any. */
    transport: (methods: readonly string[]) =>
      take(methods, ({ kind }) => transportKinds.includes(kind)) as Hit<TransportFault> | null,
    /** The fault that befalls the answer to this call, if any. Calls that it does not concern are no hits. */
    answer: (world: World, method: string, params: readonly unknown[]) =>
      take([method], (fault) => concerns(fault, world, method, params)) as Hit<AnswerFault> | null,
    /** What becomes of the news of a head. */
    heads: () =>
      (take([], ({ kind }) => headKinds.includes(kind))?.kind ?? null) as 'muteHeads' | 'strangeHeads' | null,
  }
}

const concerned: Partial<Record<Fault['kind'], readonly string[]>> = {
  nullHeadBlock: ['eth_getBlockByNumber', 'eth_getBlockByHash'],
  headReceipts: ['eth_getBlockReceipts'],
  omitLog: ['eth_getBlockReceipts', 'eth_getLogs'],
  chainId: ['eth_chainId', 'net_version'],
  staleHead: ['eth_blockNumber', 'eth_getBlockByNumber'],
  jumpHead: ['eth_blockNumber', 'eth_getBlockByNumber'],
  removedLogs: ['eth_getBlockReceipts', 'eth_getLogs'],
  forge: ['eth_getBlockReceipts', 'eth_getBlockByNumber', 'eth_getBlockByHash'],
  wrongType: ['eth_getBlockReceipts', 'eth_getLogs', 'eth_getBlockByNumber', 'eth_getBlockByHash'],
}

function concerns(fault: Fault, world: World, method: string, [which]: readonly unknown[]): boolean {
  const { kind } = fault
  if (transportKinds.includes(kind) || headKinds.includes(kind)) return false
  if (concerned[kind]?.includes(method) === false) return false
  if (kind === 'nullHeadBlock' || kind === 'headReceipts') return findBlock(world, which) === world.chain.head()
  if (kind === 'staleHead' || kind === 'jumpHead') return method === 'eth_blockNumber' || which === 'latest'
  if (kind === 'forge') return forgedBlock(world, which, fault) !== undefined
  return true
}

/** The answer as this fault bends it, as JSON text. Undefined: an envelope without `result`. */
export function bend(
  fault: Hit<AnswerFault>,
  world: World,
  method: string,
  params: readonly unknown[],
): string | undefined {
  const straight = () => answer(world, method, params)
  const head = world.chain.head()
  switch (fault.kind) {
    case 'chainId':
      return method === 'eth_chainId' ? `"0x${fault.chainId.toString(16)}"` : `"${fault.chainId}"`
    case 'staleHead':
      return fault.hits % 2 === 1 ? headAt(world, method, params, head.number - fault.by) : straight()
    case 'jumpHead':
      return headAt(world, method, params, head.number + fault.by)
    case 'nullHeadBlock':
      return 'null'
    case 'headReceipts': {
      if (fault.as === 'absent') return undefined
      if (fault.as === 'null') return 'null'
      return fault.as === 'empty' ? '[]' : JSON.stringify(head.receipts.slice(0, -1))
    }
    case 'omitLog':
      return JSON.stringify(withLogs(JSON.parse(straight()), (logs) => logs.slice(0, -1), 'last'))
    case 'wrongType':
      return JSON.stringify(withWrongType(JSON.parse(straight()), fault.as))
    case 'laggard':
      return answer({ ...world, chain: behind(world.chain, fault.by) }, method, params)
    case 'forge':
      return JSON.stringify(forged(forgedBlock(world, params[0], fault)!, fault.as, method, params))
    case 'removedLogs':
      return straight().replaceAll('"removed":false', '"removed":true')
    case 'rewrite':
      return JSON.stringify(fault.rewrite(JSON.parse(straight()), params))
    default:
      return straight()
  }
}

/** The chain as a node sees it that is so many blocks behind. */
function behind(chain: NodeChain, by: number): NodeChain {
  const newest = Math.max(chain.first().number, chain.head().number - by)
  const known = (block: ServedBlock | undefined) => (block && block.number <= newest ? block : undefined)
  const head = () => chain.byNumber(newest) ?? chain.first()
  const byNumber = (number: number) => known(chain.byNumber(number))
  return { ...chain, head, byNumber, byHash: (hash) => known(chain.byHash(hash)) }
}

/** The true block behind a question, where this fault forges it. */
function forgedBlock(world: World, which: unknown, { as, every = 1 }: Extract<AnswerFault, { kind: 'forge' }>) {
  const isHash = typeof which === 'string' && which.length === 66
  const block = findBlock(world, which) ?? (as === 'hash' && isHash ? findBlock(world, falseHash(which)) : undefined)
  return block && block.number % every === 0 ? block : undefined
}

/** The head as if it were this number: an older one is served truly, a newer one is the true head with a false number. */
function headAt(world: World, method: string, params: readonly unknown[], number: number): string {
  const hex = `0x${Math.max(world.chain.first().number, number).toString(16)}`
  if (method === 'eth_blockNumber') return `"${hex}"`
  if (number <= world.chain.head().number) return answer(world, method, [hex, params[1]])
  return JSON.stringify({ ...(JSON.parse(answer(world, method, params)) as RpcBlock), number: hex })
}

type Logged = RpcReceipt[] | RpcLog[] | null

/** Changes the logs of the first or last receipt that has any, or the list of logs itself. */
function withLogs(answered: Logged, change: (logs: RpcLog[]) => unknown[], which: 'first' | 'last'): unknown {
  if (answered === null || answered.length === 0) return answered
  if ('topics' in answered[0]!) return change(answered as RpcLog[])
  const receipts = answered as RpcReceipt[]
  const has = ({ logs }: RpcReceipt) => logs.length > 0
  const at = which === 'first' ? receipts.findIndex(has) : receipts.findLastIndex(has)
  return receipts.map((receipt, index) => (index === at ? { ...receipt, logs: change(receipt.logs) } : receipt))
}

function withWrongType(answered: Logged | RpcBlock, as: Extract<AnswerFault, { kind: 'wrongType' }>['as']): unknown {
  if (answered === null) return null
  if (!Array.isArray(answered))
    return as === 'blockNumber' ? { ...answered, number: Number(answered.number) } : answered
  return withLogs(answered, ([log, ...others]) => [log && wrongLog(log, as), ...others], 'first')
}

function wrongLog({ topics, ...log }: RpcLog, as: Extract<AnswerFault, { kind: 'wrongType' }>['as']): unknown {
  if (as === 'missingTopics') return log
  if (as === 'numberData') return { ...log, topics, data: 12 }
  if (as === 'oddHex') return { ...log, topics, data: '0x123' }
  if (as === 'fiveTopics') return { ...log, topics: Array.from({ length: 5 }, () => `0x${'5'.repeat(64)}`) }
  return { ...log, topics }
}
