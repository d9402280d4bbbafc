import { fetchHeader } from '../evm/fetchBlock.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import type { BlockHeader } from '../model/chain.ts'
import type { Cursor } from '../store/cursors.ts'
import type { ChainPatience } from './chainPatience.ts'
import type { WatchDeps, WatchedChain } from './watchedChain.ts'

/** The newest block of a chain, as far as it is known. */
export type NewestBlock = {
  /** Null before the first answer. */
  number(): number | null
  /** A provider has said that there is a new head; null: it did not say which. */
  toldOf(number: number | null): void
  /**
   * The next block, where we are told of just that one: nobody need be asked for the newest, as whether it is there it
   * shows itself. Believed once only, as who tells of it may not be who is asked for it.
   */
  takeHint(cursor: Cursor | undefined): number | null
  /**
   * Asks for it. A provider that stands still is passed over: either the chain has stopped, or only the provider has.
   * @throws {RpcError} Nobody tells it.
   */
  read(cursor: Cursor | undefined): Promise<BlockHeader>
  /** A block was read, which may be newer. */
  seen(block: Pick<BlockHeader, 'number' | 'hash'>): void
}

export function createNewestBlock(
  { name }: Pick<WatchedChain, 'name'>,
  client: WatchDeps['client'],
  patience: Pick<ChainPatience, 'standstill'>,
): NewestBlock {
  let newest: Pick<BlockHeader, 'number' | 'hash'> | undefined
  let told: number | null = null
  let tried: number | null = null

  return {
    number: () => newest?.number ?? null,
    toldOf(number) {
      told = number
    },
    takeHint(cursor) {
      const [number, next] = [told, cursor && cursor.blockNumber + 1]
      told = null
      if (number === null || number !== next || number === tried) return null
      tried = number
      return number
    },
    async read(cursor) {
      const latest = await fetchHeader(client, 'latest', ({ number, hash }) => {
        const isNew = cursor === undefined || number > cursor.blockNumber || hash !== newest?.hash
        return isNew ? null : patience.standstill(cursor.blockNumber)
      })
      if (!latest) throw new RpcError('malformed', `No provider of ${name} tells its newest block.`)
      newest = latest
      return latest
    },
    seen({ number, hash }) {
      if (number > (newest?.number ?? -1)) newest = { number, hash }
    },
  }
}
