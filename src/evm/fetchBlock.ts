import type { Block, BlockHeader, Receipt } from '../model/chain.ts'
import { explainsBloom } from './bloom.ts'
import { parseBlock, parseHeader } from './parseBlock.ts'
import type { Raw } from './parseHex.ts'
import { parseReceipts } from './parseReceipts.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import type { Provider } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import type { TraceReader } from './traces/traceReader.ts'
import { type Sift, type Taken, unlessFlawed } from './unlessFlawed.ts'

/** `faults`: sentences on what of the block could not be read, or is contradicted, whoever was asked. */
export type FetchedBlock = { block: Block; faults: string[] }

/** A block by number or tag, as providers are asked for it. */
export type BlockName = number | 'latest' | 'safe' | 'finalized'

export const blockCall = (name: BlockName, whole = false) => ({
  method: 'eth_getBlockByNumber',
  params: [typeof name === 'number' ? `0x${name.toString(16)}` : name, whole],
})

/**
 * Header of a block by number or tag; null where the provider does not have it (yet).
 * @param doubt Why a header cannot be believed, if so: then the next provider is asked.
 * @throws {RpcError}
 */
export async function fetchHeader(
  client: ChainClient,
  name: BlockName,
  doubt: (header: BlockHeader) => RpcError | null = () => null,
): Promise<BlockHeader | null> {
  const taken = await unlessFlawed<BlockHeader>(
    client,
    (sift) =>
      client.request(blockCall(name), (raw, provider) => {
        if (raw === null) return null
        const header = parseHeader(raw)
        if (typeof name === 'number') mustBe(header, name)
        sift(provider, header, client.verifier.header(raw as Raw))
        if (name === 'latest') provider.health.sawHead(header.number)
        const error = doubt(header)
        if (error) throw error
        return header
      }),
    // A head is only where to look next: whatever is found there is checked for itself.
    { isHint: name === 'latest' },
  )
  return taken?.result ?? null
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
  const taken = await unlessFlawed<Block>(client, (sift) =>
    client.request(blockCall(number, true), async (raw, provider) => {
      if (raw === null) return null
      const parsed = parseBlock(raw)
      mustBe(parsed, number)
      sift(provider, parsed, await client.verifier.block(raw as Raw))
      provider.health.sawBlock(number)
      return parsed
    }),
  )
  if (!taken) return null
  const { result: block, faults } = taken
  if (!wantsReceipts(block)) return { block, faults }
  const receipts = await fetchReceipts(client, block)
  const whole: Block = { ...block, receipts: receipts.result }
  const traces = await readTraces(whole)
  return { block: traces ? { ...whole, traces } : whole, faults: [...faults, ...receipts.faults] }
}

async function fetchReceipts(client: ChainClient, block: Block): Promise<Taken<Receipt[]>> {
  if (block.transactions.length === 0) return { result: [], faults: [] }
  let imperfect: Taken<Receipt[]> | undefined
  const read = (sift: Sift<Receipt[]>) =>
    client.ask(
      (provider) => askForReceipts(provider, block),
      async (raw, provider) => {
        const { receipts, faults } = parseReceipts(raw, block)
        const verdict = faults.length > 0 ? 'unproved' : await client.verifier.receipts(raw, block.receiptsRoot)
        const isLacking = faults.length === 0 && verdict !== 'proved' && lacksLogs(block, receipts)
        const fault = isLacking
          ? `the bloom of block ${block.number} speaks of logs that its receipts do not hold`
          : faults[0]
        // Not every chain keeps true blooms: one proves something where it is part of a hash that was checked.
        if (fault !== undefined && !(isLacking && client.verifier.status().header === true)) {
          imperfect = { result: receipts, faults: [fault, ...faults.slice(1)] }
          throw new RpcError('malformed', `The receipts of block ${block.number} are not whole: ${fault}`)
        }
        sift(provider, receipts, fault === undefined ? verdict : { aspect: 'receipts', message: fault, certain: true })
        return receipts
      },
    )
  try {
    return (await unlessFlawed(client, read))!
  } catch (error) {
    // A log that nobody gives readably: the receipts are taken without it, and the fault is told.
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

const lacksLogs = ({ logsBloom }: Block, receipts: readonly Receipt[]): boolean =>
  !explainsBloom(
    Buffer.from(logsBloom.slice(2), 'hex'),
    receipts.flatMap(({ logs }) => logs),
  )

function mustBe(header: BlockHeader, number: number): void {
  if (header.number === number) return
  throw new RpcError('malformed', `A provider gave block ${header.number} when asked for block ${number}.`)
}
