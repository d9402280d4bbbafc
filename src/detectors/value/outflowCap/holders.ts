import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { readAmount, tokenBalance } from '../../tokens/balances.ts'

/** Accounts that hold for themselves. Whoever pays into a vault or a market may have paid for another, also into ours. */
const holding: ReadonlySet<string | undefined> = new Set(['safe', 'timelock'])

/** `owner()`. */
const ownerRead = (of: Address): Read => ({ kind: 'call', at: 'parent', to: of, data: '0x8da5cb5b' })

export const isHolder = ({ kind }: Contract): boolean => holding.has(kind)

/** What must be read to tell whether somebody holds for an account. */
export const readsOfOwner = (account: Address, { role }: Contract): Read[] =>
  role === 'protected' ? [] : [ownerRead(account)]

/** Whether a contract of the config holds for those to whom an account belongs: it is protected, or owned it before the block. */
export function isOurs(account: Address, holder: Contract, observation: Observation): boolean {
  if (holder.role === 'protected') return true
  const answer = observation.state(ownerRead(account))
  return answer.ok && answer.data === `0x${'0'.repeat(24)}${holder.address.slice(2)}`
}

type Paid = { account: Address; token: Address; holder: Contract }

const balances = (token: Address, { address }: Contract) =>
  [tokenBalance(token, address, 'parent'), tokenBalance(token, address, 'block')] as const

/** What must be read to tell whether tokens stay ours that an account pays to such a contract. */
export const readsOfHolder = ({ account, token, holder }: Paid): Read[] =>
  holder.role === 'protected' ? [] : [...readsOfOwner(account, holder), ...balances(token, holder)]

/** Whether they do: nobody watches whoever is not protected, so that it must have them still after the block. */
export function staysOurs({ account, token, holder }: Paid, amount: bigint, observation: Observation): boolean {
  if (!isOurs(account, holder, observation)) return false
  if (holder.role === 'protected') return true
  const [before, after] = balances(token, holder).map((read) => readAmount(observation, read).amount)
  return before != null && after != null && after - before >= amount
}
