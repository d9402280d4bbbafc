import { readState } from '../../evm/readState.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import type { BlockHeader } from '../../model/chain.ts'
import { type Read, type ReadResult, readKey } from '../../model/read.ts'

/** Answers to questions that were asked; a question that nobody asked has none. */
export type Answers = { of(read: Read): ReadResult }

/**
 * Asks about contracts that may be hostile: where one of them answers with so much that the whole batch is lost, the
 * batch is halved until only the answer that is too large is missing.
 * @throws {RpcError} The provider does not answer at all.
 */
export async function askState(
  client: ChainClient,
  block: Pick<BlockHeader, 'hash' | 'parentHash'>,
  reads: readonly Read[],
): Promise<Answers> {
  const distinct = [...new Map(reads.map((read) => [readKey(read), read])).values()]
  const results = await ask(client, block, distinct)
  return { of: (read) => results.get(readKey(read)) ?? notAsked }
}

const notAsked: ReadResult = { ok: false, reverted: false, reason: 'it was not asked for' }

async function ask(
  client: ChainClient,
  block: Pick<BlockHeader, 'hash' | 'parentHash'>,
  reads: readonly Read[],
): Promise<Map<string, ReadResult>> {
  try {
    return await readState(client, block, reads)
  } catch (error) {
    if (!(error instanceof RpcError) || error.fault !== 'too large') throw error
    if (reads.length === 1)
      return new Map([[readKey(reads[0]!), { ok: false, reverted: false, reason: error.message }]])
    const half = Math.ceil(reads.length / 2)
    const first = await ask(client, block, reads.slice(0, half))
    const second = await ask(client, block, reads.slice(half))
    return new Map([...first, ...second])
  }
}
