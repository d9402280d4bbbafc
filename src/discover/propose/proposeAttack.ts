import type { Hex } from '../../model/chain.ts'
import { hasLog, holds } from '../facts/codeScan.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Views } from '../find/findViews.ts'
import { keepsForHolders } from './keepsForHolders.ts'
import type { Proposal } from './proposal.ts'

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)

/**
 * Monitors for attacks as they show in calls and logs.
 * @param own Contracts that are ours.
 * @param traces The provider tells the calls inside transactions. `simulated`: it tells what calls would lead to.
 * `pending`: it tells of transactions that stand in no block yet. `priced`: monitors of the prices that they use. `records`:
 * functions that say whose a number is. `all`: ours and what they rely on.
 */
export function proposeAttack(
  own: readonly NamedFacts[],
  {
    traces,
    simulated = true,
    pending = false,
    priced = [],
    records = new Map(),
    all = own,
  }: {
    traces: boolean
    simulated?: boolean
    pending?: boolean
    priced?: readonly Proposal[]
    records?: Views
    all?: readonly NamedFacts[]
  },
): Proposal[] {
  const contracts = own.filter(({ facts }) => facts.form === 'contract' && !facts.feed)
  const holders = contracts.filter((each) => canBeTricked(each.facts) || keepsForHolders(each, all))
  const silent = traces ? holders.filter(({ facts }) => tellsNothing(facts)) : []
  const takers = traces ? holders.filter((each) => !silent.includes(each) && takesWhatItIsTold(each, all)) : []
  const scope = traces ? null : 'none'
  return [
    // Who is entered while a call of another is open shows only to one who watches both.
    ...(silent.length > 0
      ? tricks(holders, 'all', [{ ...reentrancy, name: 'reentrancy-silent' }])
      : tricks(holders, scope, [reentrancy])),
    ...tricks(
      holders.filter((each) => !silent.includes(each) && !takers.includes(each)),
      scope,
      [clusterProfit],
    ),
    ...takings(takers),
    ...tricks(silent, 'all', [{ ...clusterProfit, name: 'cluster-profit-silent' }]),
    ...tricks(holders, scope, [roundTrip]).map((trip) => ({ ...trip, ...pagedElsewhere(trip, priced) })),
    ...tricks(holders, scope, [roundingLoop, repeatedClaim]),
    ...(traces ? tricks(holders, null, [newCallPath]) : []),
    ...tricks(contracts, scope, [freshContract]).map((each) => (simulated ? each : untried(each))),
    ...tricks(contracts, scope, [replayedSignature, probing]),
    // The signers of a Safe may approve on the chain instead, and its code is known to ask for all of them.
    ...tricks(
      contracts.filter(({ facts }) => !facts.safe),
      scope,
      [missingSignature],
    ),
    ...(simulated ? tricks(contracts.filter(isAsked), scope, [openPayment]) : []).map((each) =>
      withRecords(each, contracts, records),
    ),
    ...tricks(
      contracts.filter((each) => isAsked(each) && !silent.includes(each)),
      scope,
      [unpaidDeposit],
    ),
    ...tricks(
      contracts.filter(({ facts: { token, vault } }) => vault || !token),
      null,
      [allowances],
    ),
    ...approvals(contracts),
    ...paying(own, scope),
    ...(pending && simulated ? tricks(contracts, null, [pendingTransactions]) : []),
  ]
}

/**
 * Contracts that should ask who calls. Pairs and pools pay whoever calls what was sent to them before, and who may execute
 * what was decided is nobody's concern.
 */
const isAsked = ({ facts: { safe, timelock, governor, accessManager, pair, pool } }: NamedFacts): boolean =>
  !(safe || timelock || governor || accessManager || pair || pool)

/** As many as the detector takes. */
const recordsMax = 4

function withRecords(proposal: Proposal, contracts: readonly NamedFacts[], records: Views): Proposal {
  const asked = contracts.filter(({ name }) => proposal.on.includes(name))
  const getters = [...new Set(asked.flatMap(({ facts }) => records.get(facts.address) ?? []))].slice(0, recordsMax)
  if (getters.length === 0) return proposal
  const why =
    'Whose something is by its number the contract itself can be asked; whether that is who is paid, use will teach.'
  return { ...proposal, options: { ...proposal.options, records: getters }, why: [...proposal.why, why] }
}

/** One push of a price is one page: of pools that are watched for all of these contracts the other monitor tells. */
function pagedElsewhere({ on, options }: Proposal, priced: readonly Proposal[]): Pick<Proposal, 'options'> {
  const pools = priced
    .filter((each) => each.use === 'price-manipulation' && on.every((name) => each.on.includes(name)))
    .flatMap(({ options: { sources } = {} }) => (sources ?? []) as string[])
  return pools.length > 0 ? { options: { ...options, pagedElsewhere: pools } } : {}
}

/** `transferFrom(address,address,uint256)` */
const transferFrom: Hex = '0x23b872dd'

/** A router: it takes tokens from who allowed it to, and names none of its own. */
const takesWhatItIsTold = ({ facts: { address, codes, token, forwards } }: NamedFacts, all: readonly NamedFacts[]) =>
  !token &&
  !forwards &&
  codes.some((code) => holds(code, transferFrom)) &&
  !all.some(({ facts, pointers }) => facts.token && pointers.some(({ from }) => from === address))

/** What is taken goes from user to thief past the contract, and no log of theirs names it. */
function takings(takers: readonly NamedFacts[]): Proposal[] {
  if (takers.length === 0) return []
  const why = [
    clusterProfit.why,
    'It takes whatever token its caller names: who is robbed through it shows only in the calls of every transaction, which is dear.',
  ]
  return [{ name: 'cluster-profit-taken', use: 'cluster-profit', on: namesOf(takers), options: { traces: 'all' }, why }]
}

type Trick = { name: string; use: string; why: string }
const trick = (use: string, why: string): Trick => ({ name: use, use, why })

const reentrancy = trick(
  'reentrancy',
  'Outside code that enters again while a call is still open takes the same money twice.',
)
const clusterProfit = trick(
  'cluster-profit',
  'Who lets a contract take their tokens is robbed through it, and nothing leaves the contract itself.',
)
const roundTrip = trick(
  'round-trip',
  'A price that is pushed and brought back in one transaction fools whoever asks for it in between.',
)
const roundingLoop = trick(
  'rounding-loop',
  'Rounding is worth something to whoever trades a few units a hundred times over.',
)
const freshContract = trick(
  'fresh-contract',
  'The contract of most attacks holds the address of its victim, and is there before the first call.',
)
const replayedSignature = trick(
  'replayed-signature',
  'A permit or voucher that is not crossed off is brought again until nothing is left.',
)
const missingSignature = trick(
  'missing-signature',
  'A list of no signatures, or one that says nothing, is let pass where nobody asked for one that holds.',
)
const repeatedClaim = trick(
  'repeated-claim',
  'Who is on a list, or has a ticket, that is not crossed off sends the same call again, in sums as all others get.',
)
const openPayment = trick(
  'open-payment',
  'Each payment is played again by a stranger: who is paid as well, though the function refuses others, found it open.',
)
const unpaidDeposit = trick(
  'unpaid-deposit',
  'What the contract tells of as given is what services and other chains credit, whether it came or not.',
)
const probing = trick(
  'probing',
  'Before the call that empties a contract come those that did not, of one function after the other.',
)
const allowances = trick(
  'allowance-misuse',
  'Signers who are shown one thing and sign another let a stranger take all of it, days before it is taken.',
)
const newCallPath = trick(
  'new-call-path',
  'An exploit goes through contracts in a way that nobody ever had a reason for. It learns the usual ones first.',
)
const pendingTransactions = trick(
  'pending-transactions',
  'The provider tells of pending transactions: an attack that waits in public shows seconds before it is mined.',
)
const testPayment = trick(
  'test-payment',
  'Who holds stolen keys sends a little to an address of his, and when nobody minds sends the rest.',
)

const untried = ({ options, why, ...rest }: Proposal): Proposal => ({
  ...rest,
  options: { ...options, simulate: false },
  why: [...why, 'The provider does not simulate calls (eth_simulateV1), so that what it would do is not tried.'],
})

const scopeWhy = {
  none: 'The provider tells no calls inside transactions, so that only logs are judged.',
  all: 'Code without events can be seen only by the calls of every transaction, which is dear.',
}

function tricks(
  contracts: readonly NamedFacts[],
  scope: keyof typeof scopeWhy | null,
  list: readonly Trick[],
): Proposal[] {
  if (contracts.length === 0) return []
  return list.map(({ why, ...each }) => ({
    ...each,
    on: namesOf(contracts),
    ...(scope && { options: { traces: scope } }),
    why: scope ? [why, scopeWhy[scope]] : [why],
  }))
}

/**
 * Contracts of which value can be got by calling them cleverly. A Safe, a timelock and a governor run the calls of
 * others, and a plain token hands nothing out.
 */
function canBeTricked({ safe, timelock, governor, accessManager, token, vault, pair }: ContractFacts): boolean {
  return Boolean(vault || pair) || !(safe || timelock || governor || accessManager || token)
}

function approvals(contracts: readonly NamedFacts[]): Proposal[] {
  const tokens = contracts.filter(({ facts }) => facts.token || facts.vault)
  if (tokens.length === 0) return []
  const why = ['Many owners who allow the same stranger to take their tokens have been to a page that is not yours.']
  return [{ name: 'approvals', use: 'approval-burst', on: namesOf(tokens), why }]
}

/** Accounts from which people pay by hand: they copy the address from what they paid before, and whoever stole keys tries them. */
function paying(own: readonly NamedFacts[], scope: keyof typeof scopeWhy | null): Proposal[] {
  const payers = own.filter(({ facts: { form, safe } }) => safe || form !== 'contract')
  if (payers.length === 0) return []
  const why = ['A payment to an address that only looks like one paid before has been copied from a false entry.']
  return [
    { name: 'look-alikes', use: 'address-poisoning', on: namesOf(payers), why },
    ...tricks(payers, scope, [testPayment]),
  ]
}

/** None of its code has an instruction that sends an event. */
function tellsNothing({ codes, forwards }: ContractFacts): boolean {
  return !forwards && codes.length > 0 && !codes.some(hasLog)
}
