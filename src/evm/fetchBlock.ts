import type { Block, BlockHeader, Receipt } from '../model/chain.ts'
import { parseBlock, parseHeader } from './parseBlock.ts'
import type { Raw } from './parseHex.ts'
import { parseReceipts } from './parseReceipts.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import type { Provider } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import type { TraceReader } from './traces/traceReader.ts'
import type { Flaw } from './verify/createVerifier.ts'

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
    client.request(blockCall(number, true), (raw, provider) => {
      if (raw === null) return null
      const parsed = parseBlock(raw)
      mustBe(parsed, number)
      sift(provider, parsed, client.verifier.block(raw as Raw))
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

/** Takes what was read, or refuses it for its flaw, so that the next provider is asked. */
type Sift<Result> = (provider: Provider, result: Result, flaw: Flaw | null) => void

type Taken<Result> = { result: Result; faults: string[] }

/**
 * What nobody gives without a flaw is taken with it, where the flaw may be the chain's own or does no harm. What this
 * chain had proved is taken against the proof, as a fault, only once every provider contradicts it: a fork may do that,
 * and so may a lie while those who tell the truth are down.
 */
async function unlessFlawed<Result>(
  client: ChainClient,
  ask: (sift: Sift<Result>) => Promise<Result | null>,
  { isHint = false } = {},
): Promise<Taken<Result> | null> {
  let flawed: { result: Result; flaw: Flaw } | undefined
  const contradicting = new Set<Provider>()
  try {
    const result = await ask((provider, given, flaw) => {
      if (!flaw) return
      if (flaw.certain && flaw.aspect !== 'header') contradicting.add(provider)
      if (!flawed || (flawed.flaw.certain && !flaw.certain)) flawed = { result: given, flaw }
      throw flawError(flaw)
    })
    return result && { result, faults: [] }
  } catch (error) {
    if (!flawed || !(error instanceof RpcError)) throw error
    const { result, flaw } = flawed
    const isAgreed = !flaw.certain || contradicting.size >= providersOf(client)
    if ((isAgreed && client.verifier.concede(flaw)) || isHint) {
      return { result, faults: flaw.certain && !isHint ? [flaw.message] : [] }
    }
    throw error
  }
}

/** How many there are, without those that serve another chain. */
const providersOf = (client: ChainClient) => client.providers().filter(({ state }) => state !== 'refused').length

function flawError({ message, certain }: Flaw): RpcError {
  const hints = ['On a chain that hashes in its own way set `headerFields`, or `verify: never`, for this chain.']
  return new RpcError(certain ? 'untrue' : 'unproved', `A provider is contradicted: ${message}.`, { hints })
}

async function fetchReceipts(client: ChainClient, block: Block): Promise<Taken<Receipt[]>> {
  if (block.transactions.length === 0) return { result: [], faults: [] }
  let imperfect: Taken<Receipt[]> | undefined
  const read = (sift: Sift<Receipt[]>) =>
    client.ask(
      (provider) => askForReceipts(provider, block),
      (raw, provider) => {
        const { receipts, faults, isContradicted } = parseReceipts(raw, block)
        const [fault] = faults
        // Not every chain keeps true blooms: one proves something where it is part of a hash that was checked.
        if (fault !== undefined && !(isContradicted && client.verifier.status().header === true)) {
          imperfect = { result: receipts, faults }
          throw new RpcError('malformed', `The receipts of block ${block.number} are not whole: ${fault}`)
        }
        const flaw =
          fault === undefined
            ? client.verifier.receipts(raw, block.receiptsRoot)
            : { aspect: 'receipts' as const, message: fault, certain: true }
        sift(provider, receipts, flaw)
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

function mustBe(header: BlockHeader, number: number): void {
  if (header.number === number) return
  throw new RpcError('malformed', `A provider gave block ${header.number} when asked for block ${number}.`)
}
