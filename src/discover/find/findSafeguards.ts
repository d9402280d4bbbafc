import { toFunctionSelector } from 'viem/utils'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { dataOf, numberOf } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { type Safeguard, safeguardsIn } from '../facts/safeguardsIn.ts'

export type Safeguards = ReadonlyMap<Address, readonly Safeguard[]>

/** No wait is longer than ten years, and no more than so many sign. */
const most: Record<Safeguard['kind'], bigint> = {
  ...{ votes: 255n, wait: 315_360_000n },
  ...{ limit: 2n ** 128n, price: 2n ** 128n, fee: 2n ** 128n },
}
/** Of what is less, a tenth is rounding. */
const least: Record<Safeguard['kind'], bigint> = { votes: 2n, wait: 1n, limit: 1n, price: 100n, fee: 1n }

const ask = ({ facts }: NamedFacts, getter: string): Read => ({
  ...{ at: 'block', kind: 'call', to: facts.address },
  data: toFunctionSelector(`${getter}()`),
})

/**
 * Numbers that protect what contracts of their own kind hold, or what those that have power over ours may do. What is none
 * already protects nothing.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findSafeguards(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly NamedFacts[],
): Promise<Safeguards> {
  const own = new Set(contracts.flatMap(({ role, facts }) => (role === 'protected' ? [facts.address] : [])))
  const spoken = contracts
    .filter(
      ({ role, pointers }) =>
        role === 'protected' || pointers.some(({ from, kind }) => kind === 'power' && own.has(from)),
    )
    .map((contract) => ({ contract, said: safeguardsIn(contract.facts) }))
  const answers = await askState(
    client,
    header,
    spoken.flatMap(({ contract, said }) => said.map(({ getter }) => ask(contract, getter))),
  )
  const found = spoken.map(({ contract, said }) => {
    const safeguards = said.flatMap(({ getter, kind }): Safeguard[] => {
      // For what others sell nobody of ours decides.
      if ((kind === 'price' || kind === 'fee') && contract.role !== 'protected') return []
      const value = numberOf(dataOf(answers.of(ask(contract, getter))))
      return value !== undefined && value >= least[kind] && value <= most[kind] ? [{ getter, kind, value }] : []
    })
    return [contract.facts.address, safeguards] as const
  })
  return new Map(found.filter(([, safeguards]) => safeguards.length > 0))
}
