import { type Deltas, deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import { mayBeSigned } from '../clusterProfit/takings.ts'
import type { Dealing } from './dealings.ts'
import { entriesOf } from './entries.ts'

type Asset = Address | 'native'

/** What was paid out of the entry of somebody who did nothing, and got nothing for it. */
export type Taking = {
  from: Address
  /** Who had it in the end. */
  to: Address
  sender: Address
  amount: bigint
  /** Most of what stood there. */
  isMost: boolean
  /** A signature may stand in the calldata: the owner may have agreed. */
  maySign: boolean
}

type Case = {
  asset: Asset
  paid: bigint
  selectors: readonly string[]
  /** Entries that are known to bear what is paid of the asset. */
  known: readonly string[]
  observation: Observation
  /** Contracts of the config: what stays with them, or comes from their entries, was not taken. */
  trusted: ReadonlySet<Asset>
}

/** `isValidSignature(bytes32,bytes)`: a wallet that is a contract is asked whether it signed. */
const isValidSignature = '0x1626ba7e'

/**
 * None is what somebody takes for whom he pays it out, what was signed, what a stranger does not have in the end, and what
 * something came in for that changed another entry of the owner, as when a debt is paid off.
 */
export function takingIn(target: Address, dealing: Dealing, given: Case): Taking | null {
  const { outcomes, named, isCrowded } = dealing
  const { asset, paid, known } = given
  if (paid <= 0n || isCrowded || known.length === 0 || named.length === 0) return null
  const deltas = deltasOf(outcomes.flatMap((outcome) => movementsOf(outcome)))
  const to = gainerOf(deltas, asset, { target, trusted: given.trusted })
  if (!to) return null
  const acting = new Set(outcomes.flatMap(({ calls = [] }) => calls.map(({ from }) => from)))
  const takings = named
    .filter((from) => !acting.has(from) && !given.trusted.has(from) && from !== to)
    .filter((from) => ![...deltas.values()].some((accounts) => (accounts.get(from) ?? 0n) > 0n))
    .filter((from) => !hasSigned(dealing, from))
    .flatMap((from) => {
      const taken = takenFrom(target, from, dealing, given)
      return taken ? [{ ...taken, from }] : []
    })
  const [most] = takings.toSorted((a, b) => (b.amount > a.amount ? 1 : -1))
  if (!most) return null
  const maySign = outcomes.some(({ transaction }) => mayBeSigned(transaction.input))
  return { ...most, to, sender: outcomes.at(-1)!.transaction.from, maySign }
}

/** The stranger who has most of it more than before. */
function gainerOf(
  deltas: Deltas,
  asset: Asset,
  { target, trusted }: { target: Address; trusted: ReadonlySet<Asset> },
): Address | null {
  const gained = [...(deltas.get(asset) ?? [])].filter(([account, delta]) => delta > 0n && account !== target)
  const [most] = gained.toSorted(([, a], [, b]) => (b > a ? 1 : -1))
  return most && !trusted.has(most[0]) && most[0] !== zeroAddress ? most[0] : null
}

const hasSigned = ({ outcomes }: Dealing, owner: Address): boolean =>
  outcomes.some(({ calls = [] }) =>
    calls.some(({ to, input, reverted }) => !reverted && to === owner && input.startsWith(isValidSignature)),
  )

function takenFrom(
  target: Address,
  from: Address,
  { actors, paid: moved }: Dealing,
  { paid, selectors, known, observation }: Case,
): Pick<Taking, 'amount' | 'isMost'> | null {
  const own = actors.map((actor) => entriesOf(target, selectors, actor, observation))
  const theirs = entriesOf(target, selectors, from, observation)
  // Its own word: who pays out of what is theirs names others as whom they pay.
  const borne = (name: string) => own.reduce((sum, each) => sum + fallOf(each.get(name)), 0n)
  const falls = known.flatMap((name) => {
    const entry = theirs.get(name)
    const fall = fallOf(entry)
    return entry && fall > 0n && borne(name) < paid ? [{ name, fall, stood: entry[0] }] : []
  })
  const [most] = falls.toSorted((a, b) => (b.fall > a.fall ? 1 : -1))
  if (!most) return null
  const hasComeIn = [...moved.values()].some((amount) => amount < 0n)
  if (hasComeIn && [...theirs].some(([name, entry]) => !known.includes(name) && fallOf(entry) !== 0n)) return null
  return { amount: most.fall < paid ? most.fall : paid, isMost: 2n * most.fall >= most.stood }
}

const fallOf = (entry: [bigint, bigint] | undefined): bigint => (entry ? entry[0] - entry[1] : 0n)
