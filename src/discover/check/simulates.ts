import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { askState } from '../facts/askState.ts'

const nobody = `0x${'0'.repeat(39)}1` as const
const nothing: Read = { kind: 'simulation', at: 'block', calls: [], probes: [{ kind: 'balance', of: nobody }] }

/**
 * Whether a provider tells what would be so after some calls.
 * @throws {RpcError} The chain cannot be read.
 */
export async function simulates(client: ChainClient, header: BlockHeader): Promise<boolean> {
  return (await askState(client, header, [nothing])).of(nothing).ok
}
