import { fetchHeader } from '../../evm/fetchBlock.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { type Answers, askState } from './askState.ts'

/**
 * The same questions so many blocks ago, nearest first. Moments of which no provider remembers the state, and those before
 * the first block, are left out.
 */
export async function askBefore(
  client: ChainClient,
  header: BlockHeader,
  { looksBack, reads }: { looksBack: readonly number[]; reads: readonly Read[] },
): Promise<Answers[]> {
  const moments = looksBack.filter((blocks) => blocks <= header.number)
  const answers = await Promise.all(moments.map((blocks) => answersAt(client, header.number - blocks, reads)))
  return answers.filter((each) => each !== null)
}

async function answersAt(client: ChainClient, block: number, reads: readonly Read[]): Promise<Answers | null> {
  try {
    const header = await fetchHeader(client, block)
    return header ? await askState(client, header, reads) : null
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}
