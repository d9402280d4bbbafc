import { tokenMovements } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Call } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'

/** Tokens that a contract took from somebody by what they allow it, without their doing and for nothing. */
export type Pull = { outcome: Outcome; contract: Address; token: Address; owner: Address; to: Address; amount: bigint }

/** `transferFrom(address,address,uint256)` and both `safeTransferFrom` of ERC-721. */
const selectors = ['0x23b872dd', '0x42842e0e', '0xb88d4fde']
const pullsMax = 32

/**
 * The owner neither sent the transaction nor was called nor called anybody in it, and got nothing. Whoever settles trades
 * for others takes their tokens, too, but pays them.
 */
export function pullsBy(contracts: ReadonlySet<Address>, { transaction, receipt, calls }: Outcome): Pull[] {
  if (receipt?.status !== 'success' || !calls) return []
  const pulls = calls.flatMap((call) => pullIn(call, contracts) ?? [])
  if (pulls.length === 0) return []
  const active = new Set<Address | null>([transaction.from, transaction.to, ...calls.map(({ from }) => from)])
  const moved = tokenMovements(receipt.logs)
  const paid = new Set<Address | null>([
    ...moved.map(({ to }) => to),
    ...calls.flatMap(({ to, value, reverted }) => (value > 0n && !reverted ? [to] : [])),
  ])
  return pulls
    .filter(
      ({ owner, token }) =>
        !active.has(owner) && !paid.has(owner) && moved.some((each) => each.from === owner && each.asset === token),
    )
    .slice(0, pullsMax)
    .map((pull) => ({ ...pull, outcome: { transaction, receipt, calls } }))
}

function pullIn(
  { kind, from, to, input, reverted }: Call,
  contracts: ReadonlySet<Address>,
): Omit<Pull, 'outcome'> | null {
  const isPull = kind === 'call' && !reverted && contracts.has(from) && selectors.includes(input.slice(0, 10))
  if (!isPull || !to || input.length < 10 + 3 * 64) return null
  const word = (index: number) => input.slice(10 + 64 * index, 74 + 64 * index)
  const account = (index: number): Address => `0x${word(index).slice(24)}`
  return { contract: from, token: to, owner: account(0), to: account(1), amount: BigInt(`0x${word(2)}`) }
}
