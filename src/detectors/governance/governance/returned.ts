import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Probe, Read, ReadResult } from '../../../model/read.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { amountIn } from '../../simulation/holdings.ts'
import { nowRead } from '../../simulation/simulatedReads.ts'
import { percentOf } from '../../tokens/amounts.ts'
import { numberOf, tokenBalance } from '../../tokens/balances.ts'
import type { Effect, Question } from './effects.ts'

/** Of one order; who names more may have more to hide. */
const [vaultsMax, holdersMax, tokensMax] = [3, 6, 8]
/** What comes back is worth so many percent of what leaves, but for fees and rounding. */
const worthPercent = 95

/** `asset()` and `maxWithdraw(address)` of ERC-4626. */
const [assetOf, maxWithdraw] = ['0x38d52e0f', '0xce96cb77'] as const
const padded = /^0{24}(?!0{8})[0-9a-f]{40}$(?<!0{8})/

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)]

/** Vaults into which an order may pay: whoever its calls name and who is not called. */
function vaultsIn(calls: readonly Instruction[]): Address[] {
  const words = calls.flatMap(({ data }) => data.slice(10).match(/.{64}/g)?.slice(0, 32) ?? [])
  const named = words.filter((each) => padded.test(each)).map((each): Address => `0x${each.slice(24)}`)
  return unique(named).slice(0, vaultsMax)
}

/** Who may get the shares: who makes the calls, and who is called. */
const holdersIn = (calls: readonly Instruction[]): Address[] =>
  unique(calls.flatMap(({ by, to }) => (by ? [by, to] : [to]))).slice(0, holdersMax)

const asset = (to: Address): Probe => ({ kind: 'call', to, data: assetOf })
const redeemable = (to: Address, holder: Address): Probe => ({
  ...{ kind: 'call', to },
  data: `${maxWithdraw}${'0'.repeat(24)}${holder.slice(2)}`,
})

/** What each holder may take out of each vault. */
export const returnedProbes = (calls: readonly Instruction[]): Probe[] =>
  vaultsIn(calls).flatMap((vault) => holdersIn(calls).map((holder) => redeemable(vault, holder)))

const tokensOf = (questions: readonly Question[]): Address[] =>
  unique(questions.flatMap((each) => (each.what === 'held' && each.token !== 'native' ? [each.token] : []))).slice(
    0,
    tokensMax,
  )

/** What must be known of the vaults as they are now. */
export function readsOfReturned(calls: readonly Instruction[], questions: readonly Question[]): Read[] {
  const vaults = vaultsIn(calls)
  return [
    ...vaults.map((vault) => nowRead(asset(vault))),
    ...vaults.flatMap((vault) => tokensOf(questions).map((token) => tokenBalance(token, vault, 'block'))),
    ...returnedProbes(calls).map(nowRead),
  ]
}

/**
 * Whether for what would leave as much may be taken out of a vault again by who made the calls or was called. Anybody can
 * make a contract that says so: it counts where as much of the token lies there already.
 *
 * @param after Answers to `returnedProbes`.
 */
export function isReturned(
  { paid }: Effect,
  calls: readonly Instruction[],
  { after, observation }: { after: readonly ReadResult[]; observation: Observation },
): boolean {
  if (!paid || paid.token === 'native') return false
  const { token, amount } = paid
  const asWord: Hex = `0x${'0'.repeat(24)}${token.slice(2)}`
  const holders = holdersIn(calls)
  const returned = vaultsIn(calls).reduce((sum, vault, place) => {
    const named = observation.state(nowRead(asset(vault)))
    const lies = observation.state(tokenBalance(token, vault, 'block'))
    const isKnown = lies.ok && (numberOf(lies.data) ?? 0n) >= amount
    if (!isKnown || !named.ok || named.data !== asWord) return sum
    return holders.reduce((all, holder, index) => {
      const old = amountIn(observation.state(nowRead(redeemable(vault, holder))))
      const next = amountIn(after[place * holders.length + index])
      return old === null || next === null || next < old ? all : all + next - old
    }, sum)
  }, 0n)
  return returned >= percentOf(worthPercent, amount)
}
