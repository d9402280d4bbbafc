import type { ContractFacts, ProxyPattern } from './contractFacts.ts'
import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'
import { proposeRules } from './proposeRules.ts'
import { proposeStates } from './proposeStates.ts'
import { proposeValue } from './proposeValue.ts'

/** Monitors for what some contracts are, each with its reason. What they say of the state holds only if it is so now. */
export function proposeMonitors(
  contracts: readonly NamedFacts[],
  { now, blocksPerDay }: { now: number; blocksPerDay: number | null },
): Proposal[] {
  const own = contracts.filter(({ role }) => role === 'protected')
  return [
    ...privileges(own),
    ...outflow(own),
    ...largeTransfers(own),
    ...tokenTransfers(own),
    ...activity(own),
    ...proposeValue(own),
    ...own.flatMap(proposeRules),
    ...own.flatMap((contract) => proposeStates(contract, contracts, { now, blocksPerDay })),
  ]
}

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)

function privileges(own: readonly NamedFacts[]): Proposal[] {
  if (own.length === 0) return []
  const why = own.map(({ name, facts }) => `${name}: ${powerOver(facts)}.`)
  return [{ name: 'privileges', use: 'privileged-change', on: namesOf(own), why }]
}

/** Who can change what a contract does. */
function powerOver(facts: ContractFacts): string {
  if (facts.form !== 'contract') return 'whoever signs for it may hand it over to a contract (ERC-7702)'
  const { proxy, owned, roles, pausable, safe, timelock, governor } = facts
  const powers = [
    safe && `${safe.threshold} of its ${safe.owners.length} owners can do everything`,
    proxy?.admin && `its admin ${proxy.admin} can replace its code`,
    proxy && !proxy.admin && !isFixed(proxy.pattern) && 'its code can be replaced',
    owned && `its owner ${owned.owner}${owned.ownerHasCode === false ? ', a single key,' : ''} has power over it`,
    roles &&
      (roles.authority ? `the access manager ${roles.authority} says who may do what` : 'roles say who may do what'),
    pausable && 'it can be paused',
    timelock && 'what it is told is done after a delay',
    governor && 'its votes decide',
  ].filter((power) => typeof power === 'string')
  return powers.length > 0
    ? powers.join('; ')
    : 'no power over it was found, so any change of its code or owner is news'
}

/** A minimal proxy runs the same code for ever; a Safe's owners are named already. */
const isFixed = (pattern: ProxyPattern) => pattern === 'erc1167' || pattern === 'safe'

/** Contracts of which value may be taken: not tokens, feeds and pairs, through which it only passes, nor vaults (see `proposeValue`). */
function holdersOf(own: readonly NamedFacts[]): NamedFacts[] {
  return own.filter(
    ({ facts: { vault, token, feed, pair, governor } }) => !(vault || token || feed || pair || governor),
  )
}

function outflow(own: readonly NamedFacts[]): Proposal[] {
  const holders = holdersOf(own)
  if (holders.length === 0) return []
  return [
    {
      name: 'outflow',
      use: 'outflow-cap',
      on: namesOf(holders),
      severity: 'critical',
      options: { windows: { block: 5, '5m': 10, '1h': 20, '24h': 35 } },
      why: [
        'Value is drained in parts that look like use: what left in a block, five minutes, an hour, a day, in percent.',
        'Set each to a little more than a busy day takes out; `tocsin replay` shows what that was.',
      ],
    },
  ]
}

function largeTransfers(own: readonly NamedFacts[]): Proposal[] {
  const holders = holdersOf(own)
  if (holders.length === 0) return []
  const why = ['A tenth of what an account holds rarely leaves in one transfer unless somebody planned it.']
  return [{ name: 'large-transfer', use: 'large-transfer', on: namesOf(holders), options: { percent: 10 }, why }]
}

function tokenTransfers(own: readonly NamedFacts[]): Proposal[] {
  const tokens = own.filter(
    ({ kind, facts }) => kind === 'erc20' && facts.token?.totalSupply !== null && facts.token?.totalSupply !== 0n,
  )
  if (tokens.length === 0) return []
  const why = ['A hundredth of all there is of a token moves when somebody big sells, mints or is robbed.']
  return [
    {
      name: 'token-transfer',
      use: 'large-transfer',
      on: namesOf(tokens),
      severity: 'medium',
      options: { percent: 1 },
      why,
    },
  ]
}

function activity(own: readonly NamedFacts[]): Proposal[] {
  if (own.length === 0) return []
  const why = [
    'Failed calls in numbers are somebody who tries the doors; more calls than usual are often an attack under way.',
    'It learns what is usual for a day before it compares; failed calls count from the start.',
  ]
  return [{ name: 'activity', use: 'transaction-rate', on: namesOf(own), severity: 'medium', why }]
}
