import { RpcError } from './jsonRpc.ts'
import type { NodeChain } from './nodeChain.ts'
import type { RpcLog, ServedBlock } from './rpcTypes.ts'

type Filter = { fromBlock?: unknown; toBlock?: unknown; blockHash?: unknown; address?: unknown; topics?: unknown }

const rangeMax = 10_000
const logsMax = 10_000

/** eth_getLogs with the bounds that providers set: blocks in the range and logs in the answer. */
export function findLogs(
  chain: NodeChain,
  filter: unknown,
  find: (which: unknown) => ServedBlock | undefined,
): RpcLog[] {
  const { fromBlock, toBlock, blockHash, address, topics } = (filter ?? {}) as Filter
  const addresses = address === undefined || address === null ? null : new Set([address].flat().map(lower))
  const wanted = (Array.isArray(topics) ? topics : []).map((topic: unknown) =>
    topic === null ? null : new Set([topic].flat().map(lower)),
  )
  const matches = (log: RpcLog) =>
    (addresses === null || addresses.has(log.address)) &&
    wanted.length <= log.topics.length &&
    wanted.every((options, place) => options === null || options.has(log.topics[place]!))

  const found: RpcLog[] = []
  for (const block of range()) {
    for (const { logs } of block.receipts) for (const log of logs) if (matches(log)) found.push(log)
    if (found.length > logsMax) throw new RpcError(-32005, `query returned more than ${logsMax} results`)
  }
  return found

  function* range(): Generator<ServedBlock> {
    if (blockHash !== undefined) {
      const block = find({ blockHash })
      if (!block) throw new RpcError(-32000, 'unknown block')
      yield block
      return
    }
    const from = numberOf(fromBlock)
    const to = Math.min(numberOf(toBlock), chain.head().number)
    if (to - from >= rangeMax) throw new RpcError(-32005, `block range is too large, at most ${rangeMax}`)
    for (let number = from; number <= to; number++) {
      const block = chain.byNumber(number)
      if (block) yield block
    }
  }

  function numberOf(which: unknown): number {
    if (typeof which === 'string' && which.startsWith('0x')) return Number(which)
    return find(which ?? 'latest')?.number ?? 0
  }
}

const lower = (value: unknown): string => String(value).toLowerCase()
