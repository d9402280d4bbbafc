import type { Address } from '../../model/chain.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Asked } from '../find/findAsked.ts'
import type { Entries } from '../find/findEntries.ts'
import type { KeyLists } from '../find/findKeyLists.ts'
import type { Pausers } from '../find/findPausers.ts'
import type { Rights } from '../find/findRights.ts'
import type { Safeguards } from '../find/findSafeguards.ts'
import type { Settings } from '../find/findSettings.ts'
import type { Views } from '../find/findViews.ts'
import { isUniswapPool } from './isUniswapPool.ts'
import { keepsForHolders } from './keepsForHolders.ts'
import { powerOver } from './powerOver.ts'
import type { Proposal } from './proposal.ts'
import { proposeAttack } from './proposeAttack.ts'
import { proposeDao } from './proposeDao.ts'
import { proposeDependencies } from './proposeDependencies.ts'
import { proposeGovernanceCost } from './proposeGovernanceCost.ts'
import { proposeMap } from './proposeMap.ts'
import { proposeOracles } from './proposeOracles.ts'
import { proposePrices } from './proposePrices.ts'
import { proposeRights } from './proposeRights.ts'
import { proposeRules } from './proposeRules.ts'
import { proposeSafeguards } from './proposeSafeguards.ts'
import { proposeServices } from './proposeServices.ts'
import { proposeSettings } from './proposeSettings.ts'
import { proposeStates } from './proposeStates.ts'
import { proposeStreams } from './proposeStreams.ts'
import { proposeUnseenCode } from './proposeUnseenCode.ts'
import { proposeValue } from './proposeValue.ts'

/** Monitors for what some contracts are, each with its reason. What they say of the state holds only if it is so now. */
export function proposeMonitors(
  contracts: readonly NamedFacts[],
  {
    now,
    pausers,
    entries,
    itemEntries,
    tokenEntries,
    records = new Map(),
    rights,
    safeguards,
    keyLists = new Map(),
    settings,
    asked = [],
    traces,
    simulated,
    pending,
  }: {
    now: number
    pausers: Pausers
    entries: Entries
    itemEntries: Entries
    tokenEntries: Entries
    records?: Views
    rights: Rights
    safeguards: Safeguards
    keyLists?: KeyLists
    settings: Settings
    asked?: readonly Asked[]
    traces: boolean
    simulated: boolean
    pending: boolean
  },
): Proposal[] {
  const own = contracts.filter(({ role }) => role === 'protected')
  const oracles = proposeOracles(contracts, { now })
  const judged = new Set([entries, itemEntries, tokenEntries].flatMap((each) => [...each.keys()]))
  const proposals = [
    ...privileges(own),
    ...pausing(pausers),
    ...proposeRights(contracts, rights, { traces }),
    ...proposeUnseenCode(own, { traces }),
    ...proposeSafeguards(contracts, safeguards),
    ...outflow(own, { judged, contracts }),
    ...unusual(own),
    ...largeTransfers(own),
    ...tokenTransfers(own),
    ...activity(own),
    ...proposeValue(contracts, { entries, itemEntries, tokenEntries }),
    ...own.flatMap(proposeRules),
    ...own.flatMap((contract) => proposeStates(contract, contracts)),
    ...oracles,
    ...proposePrices(contracts, oracles, asked),
    ...proposeDao(contracts, { pausers, simulated }),
    ...proposeGovernanceCost(contracts),
    ...proposeStreams(contracts),
    ...proposeDependencies(contracts),
    ...proposeServices(contracts, { traces }),
    ...proposeAttack(own, { traces, simulated, pending, priced: oracles, records, all: contracts }),
    ...joining(contracts),
  ]
  const followed = [...proposals, ...proposeMap(contracts, proposals, keyLists)]
  return [...followed, ...proposeSettings(contracts, settings, followed)]
}

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)

/** Over everything, as what is wrong with a price and what is lost by it show on different contracts. */
function joining(contracts: readonly NamedFacts[]): Proposal[] {
  if (contracts.length === 0) return []
  const why = ['What the monitors above find is joined: small signs by one hand that together are an attack.']
  const whither = ['Where it goes from whoever took something is told while it moves, so that somebody can hold it.']
  return [
    { name: 'attack-signs', use: 'attack-signs', on: namesOf(contracts), why },
    { name: 'proceeds', use: 'proceeds', on: namesOf(contracts), why: whither },
  ]
}

function privileges(own: readonly NamedFacts[]): Proposal[] {
  if (own.length === 0) return []
  const why = own.map(({ name, facts }) => `${name}: ${powerOver(facts)}.`)
  return [{ name: 'privileges', use: 'privileged-change', on: namesOf(own), why }]
}

/** What must work on the day of an attack is tried every day. */
function pausing(pausers: Pausers): Proposal[] {
  return [...pausers].map(([name, pauser]) => ({
    name: `${name}-pauser`,
    use: 'pauser-health',
    on: [name],
    options: { pauser: `$${pauser}` },
    why: [`${pauser} can pause ${name} now: that it still can, and has coins for gas, is tried every 25 blocks.`],
  }))
}

/** Contracts of which value may be taken: not tokens, feeds and pairs, through which it only passes. */
function holdersOf(own: readonly NamedFacts[]): NamedFacts[] {
  return own.filter(
    ({ facts: { vault, token, feed, pair, governor } }) => vault || !(token || feed || pair || governor),
  )
}

/**
 * What leaves is judged by what it leaves behind where that is known: a vault pays out for shares, a pool of Uniswap's own
 * code to whom it owes, and who can be asked for the entries of accounts is judged by them. Elsewhere so much at once
 * pages somebody, because nothing tells a large payment from a theft.
 */
function outflow(
  own: readonly NamedFacts[],
  { judged, contracts }: { judged: ReadonlySet<Address>; contracts: readonly NamedFacts[] },
): Proposal[] {
  const [claimed, others] = [true, false].map((has) =>
    holdersOf(own).filter(
      ({ facts: { address, codes, vault, timelock, pool } }) =>
        Boolean(vault || timelock || judged.has(address) || (pool && isUniswapPool(codes))) === has,
    ),
  ) as [NamedFacts[], NamedFacts[]]
  const redeemed = own.filter((each) => keepsForHolders(each, contracts))
  const how = 'Set each to a little more than a busy day takes out; `tocsin replay` shows what that was.'
  const of = (on: NamedFacts[], proposal: Omit<Proposal, 'use' | 'on'>): Proposal[] =>
    on.length > 0 ? [{ use: 'outflow-cap', on: namesOf(on), ...proposal }] : []
  return [
    ...of(others, {
      name: 'outflow',
      severity: 'high',
      options: { windows: { block: 25, '5m': 30, '1h': 35, '24h': 50 }, net: true },
      why: [
        'Value is drained in parts that look like use: what left in a block, five minutes, an hour, a day, in percent.',
        how,
      ],
    }),
    ...of([...claimed, ...redeemed], {
      name: 'large-outflow',
      severity: 'medium',
      options: { windows: { block: 10, '1h': 20, '24h': 35 } },
      why: ['A run of large withdrawals is worth knowing; that they were owed is judged by other monitors.', how],
    }),
  ]
}

function unusual(own: readonly NamedFacts[]): Proposal[] {
  const holders = holdersOf(own)
  if (holders.length === 0) return []
  const why = [
    'A thief who stays below the caps is seen by what users do at this hour of the week. It learns for a month first.',
  ]
  return [{ name: 'unusual-outflow', use: 'unusual-outflow', on: namesOf(holders), why }]
}

function largeTransfers(own: readonly NamedFacts[]): Proposal[] {
  const holders = holdersOf(own)
  if (holders.length === 0) return []
  const why = ['A tenth of what an account holds rarely leaves in one transfer unless somebody planned it.']
  const options = { percent: 10 }
  return [{ name: 'large-transfer', use: 'large-transfer', on: namesOf(holders), severity: 'medium', options, why }]
}

function tokenTransfers(own: readonly NamedFacts[]): Proposal[] {
  const tokens = own.filter(
    ({ kind, facts }) => kind === 'erc20' && facts.token?.totalSupply !== null && facts.token?.totalSupply !== 0n,
  )
  if (tokens.length === 0) return []
  const why = ['A hundredth of all there is of a token moves when somebody big sells, mints or is robbed.']
  const options = { percent: 1 }
  return [{ name: 'token-transfer', use: 'large-transfer', on: namesOf(tokens), severity: 'low', options, why }]
}

function activity(own: readonly NamedFacts[]): Proposal[] {
  if (own.length === 0) return []
  const why = [
    'Failed calls in numbers are somebody who tries the doors; more calls than usual are often an attack under way.',
    'It learns what is usual for a day before it compares; failed calls count from the start.',
  ]
  return [{ name: 'activity', use: 'transaction-rate', on: namesOf(own), severity: 'medium', why }]
}
