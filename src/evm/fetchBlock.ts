import type { Block, BlockHeader, Hex } from '../model/chain.ts'
import { parseBlock, parseHeader } from './parseBlock.ts'
import { type ParsedReceipts, parseReceipts } from './parseReceipts.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import type { Provider } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import type { TraceReader } from './traces/traceReader.ts'

export type FetchedBlock = { block: Block; faults: string[] }

const quantity = (number: number): Hex => `0x${number.toString(16)}`

/**
 * Header of a block by number or tag; null where the provider does not have it (yet).
 * @param doubt Why a header cannot be believed, if so: then the next provider is asked.
 * @throws {RpcError}
 */
export function fetchHeader(
  client: ChainClient,
  block: number | 'latest' | 'finalized',
  doubt: (header: BlockHeader) => RpcError | null = () => null,
): Promise<BlockHeader | null> {
  const name = typeof block === 'number' ? quantity(block) : block
  return client.request({ method: 'eth_getBlockByNumber', params: [name, false] }, (raw, provider) => {
    if (raw === null) return null
    const header = parseHeader(raw)
    if (typeof block === 'number') mustBe(header, block)
    if (block === 'latest') provider.health.sawHead(header.number)
    const error = doubt(header)
    if (error) throw error
    return header
  })
}

/**
 * A block with its transactions and, where `wantsReceipts` says so, its receipts, read by the block's hash; then, as
 * these show, the calls inside the transactions whose traces are wanted.
 * Null where no provider has it yet.
 * @throws {RpcError} Every provider failed. Traces that nobody gives are no error: the block says which.
 */
export async function fetchBlock(
  client: ChainClient,
  number: number,
  wantsReceipts: (block: Block) => boolean,
  readTraces: TraceReader = async () => undefined,
): Promise<FetchedBlock | null> {
  const block = await client.request({ method: 'eth_getBlockByNumber', params: [quantity(number), true] }, (raw) => {
    if (raw === null) return null
    const parsed = parseBlock(raw)
    mustBe(parsed, number)
    return parsed
  })
  if (!block || !wantsReceipts(block)) return block && { block, faults: [] }
  const { receipts, faults } = await fetchReceipts(client, block)
  const whole: Block = { ...block, receipts }
  const traces = await readTraces(whole)
  return { block: traces ? { ...whole, traces } : whole, faults }
}

async function fetchReceipts(client: ChainClient, block: Block): Promise<ParsedReceipts> {
  if (block.transactions.length === 0) return { receipts: [], faults: [] }
  let imperfect: ParsedReceipts | undefined
  try {
    return await client.ask(
      (provider) => askForReceipts(provider, block),
      (raw) => {
        const parsed = parseReceipts(raw, block)
        if (parsed.faults.length === 0) return parsed
        imperfect = parsed
        throw new RpcError('malformed', `The receipts of block ${block.number} are not whole: ${parsed.faults[0]}`)
      },
    )
  } catch (error) {
    // Every provider gives the same unreadable log: it is taken without it, and the fault is told.
    if (imperfect && error instanceof RpcError) return imperfect
    throw error
  }
}

/** All at once, or by one batch of receipts where the provider does not know `eth_getBlockReceipts`. */
async function askForReceipts(provider: Provider, { hash, transactions }: Block): Promise<unknown> {
  try {
    return await provider.request({ method: 'eth_getBlockReceipts', params: [hash] })
  } catch (error) {
    if (!(error instanceof RpcError && error.unsupported)) throw error
  }
  const answers = await provider.batch(
    transactions.map((transaction) => ({ method: 'eth_getTransactionReceipt', params: [transaction.hash] })),
  )
  return answers.map((answer) => {
    if (!answer.ok) throw answer.error
    return answer.result
  })
}

function mustBe(header: BlockHeader, number: number): void {
  if (header.number === number) return
  throw new RpcError('malformed', `A provider gave block ${header.number} when asked for block ${number}.`)
}
