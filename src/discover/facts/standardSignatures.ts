import { toEventSelector, toFunctionSelector } from 'viem/utils'
import { holds } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'
import { safeguardsIn } from './safeguardsIn.ts'

const vault = [
  'event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)',
  'event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)',
  'function totalAssets() view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function convertToAssets(uint256 shares) view returns (uint256)',
]
const feed = [
  'event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
]
const governor = [
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
  'event ProposalQueued(uint256 proposalId, uint256 etaSeconds)',
  'event ProposalExecuted(uint256 proposalId)',
]
const timelock = [
  'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
  'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
  'event MinDelayChange(uint256 oldDuration, uint256 newDuration)',
  'function getMinDelay() view returns (uint256)',
]
const token = [
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'function totalSupply() view returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
]

/** Views that say what something is worth. Libraries that only call them have the selector, too: `besides` tells them apart. */
const priceViews = [
  { view: 'getAssetPrice', ofAsset: true, besides: 'getSourceOfAsset(address)' },
  { view: 'getUnderlyingPrice', ofAsset: true, besides: 'isPriceOracle()' },
  ...['price', 'getRate', 'pricePerShare', 'getPricePerFullShare', 'exchangeRateStored', 'get_virtual_price'].map(
    (view) => ({ view, ofAsset: false, besides: null }),
  ),
]

export const priceViewsOf = (facts: ContractFacts) =>
  priceViews.filter(
    ({ view, ofAsset, besides }) =>
      hasFunction(facts, `${view}(${ofAsset ? 'address' : ''})`) && (besides === null || hasFunction(facts, besides)),
  )

/** By what the large stablecoins say whom they have frozen. */
export const freezers = ['isBlacklisted', 'isBlackListed', 'isFrozen', 'isBlocked', 'frozen'] as const

export const freezerOf = (facts: ContractFacts) => freezers.find((name) => hasFunction(facts, `${name}(address)`))

/** Since 1.4 its events carry addresses as topics; before, as data. */
function safe(version: string): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const where = major > 1 || (major === 1 && minor >= 4) ? 'address indexed' : 'address'
  return [
    `event AddedOwner(${where} owner)`,
    `event RemovedOwner(${where} owner)`,
    'event ChangedThreshold(uint256 threshold)',
    `event EnabledModule(${where} module)`,
    `event ChangedGuard(${where} guard)`,
    'function getThreshold() view returns (uint256)',
    'function getOwners() view returns (address[])',
  ]
}

/** What rules about a contract may need of its standards, written as people read it. Empty: none was recognised. */
export function standardSignatures(facts: ContractFacts): string[] {
  const freezer = facts.token ? freezerOf(facts) : undefined
  const all = [
    ...(facts.vault ? vault : []),
    ...(facts.safe ? safe(facts.safe.version) : []),
    ...(facts.governor ? governor : []),
    ...(facts.timelock && (facts.forwards || hasFunction(facts, 'getMinDelay()')) ? timelock : []),
    ...(facts.feed ? feed : []),
    ...(facts.token?.standard === 'erc20' ? token : []),
    ...priceViewsOf(facts).map(
      ({ view, ofAsset }) => `function ${view}(${ofAsset ? 'address asset' : ''}) view returns (uint256)`,
    ),
    ...safeguardsIn(facts).map(({ getter }) => `function ${getter}() view returns (uint256)`),
    ...(hasTerms(facts) ? ['function getConfiguration(address asset) view returns (uint256)'] : []),
    ...(freezer ? [`function ${freezer}(address account) view returns (bool)`] : []),
  ]
  return [...new Set(all)].filter((signature) => !signature.startsWith('event ') || sends(facts, signature))
}

/** Lending markets of Aave's kind tell the terms of each reserve in the bits of one number. */
export const hasTerms = (facts: ContractFacts): boolean =>
  hasFunction(facts, 'getConfiguration(address)') && hasFunction(facts, 'getReservesList()')

/** Whether its code holds the topic of an event; true where its code is not known. */
function sends({ codes, forwards }: ContractFacts, event: string): boolean {
  return forwards || codes.some((code) => holds(code, toEventSelector(event)))
}

/** Whether its code holds the selector of a function. */
export function hasFunction({ codes }: ContractFacts, signature: string): boolean {
  return codes.some((code) => holds(code, toFunctionSelector(signature)))
}
