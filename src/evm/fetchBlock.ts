import type { Block, BlockHeader } from '../model/chain.ts'
import { parseBlock, parseHeader } from './parseBlock.ts'
import type { Raw } from './parseHex.ts'
import { type ParsedReceipts, parseReceipts } from './parseReceipts.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import type { Provider } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import type { TraceReader } from './traces/traceReader.ts'
import type { Flaw } from './verify/createVerifier.ts'

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
export function fetchHeader(
  client: ChainClient,
  name: BlockName,
  doubt: (header: BlockHeader) => RpcError | null = () => null,
): Promise<BlockHeader | null> {
  return unlessFlawed<BlockHeader>(
    client,
    (sift) =>
      client.request(blockCall(name), (raw, provider) => {
        if (raw === null) return null
        const header = parseHeader(raw)
        if (typeof name === 'number') mustBe(header, name)
        sift(header, client.verifier.header(raw as Raw))
        if (name === 'latest') provider.health.sawHead(header.number)
        const error = doubt(header)
        if (error) throw error
        return header
      }),
    // A head is only where to look next: whatever is found there is checked for itself.
    { isHint: name === 'latest' },
  )
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
  const block = await unlessFlawed<Block>(client, (sift) =>
    client.request(blockCall(number, true), (raw) => {
      if (raw === null) return null
      const parsed = parseBlock(raw)
      mustBe(parsed, number)
      sift(parsed, client.verifier.block(raw as Raw))
      return parsed
    }),
  )
  if (!block || !wantsReceipts(block)) return block && { block, faults: [] }
  const { receipts, faults } = await fetchReceipts(client, block)
  const whole: Block = { ...block, receipts }
  const traces = await readTraces(whole)
  return { block: traces ? { ...whole, traces } : whole, faults }
}

/** Takes what was read, or refuses it for its flaw, so that the next provider is asked. */
type Sift<Result> = (result: Result, flaw: Flaw | null) => void

/** What nobody gives without a flaw is taken with it, where the flaw may be the chain's own or does no harm. */
async function unlessFlawed<Result>(
  client: ChainClient,
  ask: (sift: Sift<Result>) => Promise<Result | null>,
  { isHint = false } = {},
): Promise<Result | null> {
  let flawed: { result: Result; flaw: Flaw } | undefined
  try {
    return await ask((result, flaw) => {
      if (!flaw) return
      if (isHint || !flaw.certain) flawed ??= { result, flaw }
      throw flawError(flaw)
    })
  } catch (error) {
    if (!flawed || !(error instanceof RpcError)) throw error
    if (client.verifier.concede(flawed.flaw) || isHint) return flawed.result
    throw error
  }
}

function flawError({ message, certain }: Flaw): RpcError {
  const hints = ['On a chain that hashes in its own way set `headerFields`, or `verify: never`, for this chain.']
  return new RpcError(certain ? 'untrue' : 'unproved', `A provider is contradicted: ${message}.`, { hints })
}

async function fetchReceipts(client: ChainClient, block: Block): Promise<ParsedReceipts> {
  if (block.transactions.length === 0) return { receipts: [], faults: [], isContradicted: false }
  let imperfect: ParsedReceipts | undefined
  const read = (sift: Sift<ParsedReceipts>) =>
    client.ask(
      (provider) => askForReceipts(provider, block),
      (raw) => {
        const parsed = parseReceipts(raw, block)
        const flaw = parsed.faults.length > 0 ? null : client.verifier.receipts(raw, block.receiptsRoot)
        if (flaw?.certain) parsed.faults.push(flaw.message)
        if (parsed.faults.length > 0) {
          imperfect = parsed
          const message = `The receipts of block ${block.number} are not whole: ${parsed.faults[0]}`
          // Not every chain keeps true blooms: one proves something where it is part of a hash that was checked.
          const isUntrue = flaw?.certain || (parsed.isContradicted && client.verifier.status().header === true)
          throw new RpcError(isUntrue ? 'untrue' : 'malformed', message)
        }
        sift(parsed, flaw)
        return parsed
      },
    )
  try {
    return (await unlessFlawed(client, read))!
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
