import type { ContractFacts } from './contractFacts.ts'
import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'
import { literal } from './proposeRules.ts'
import { sends } from './standardSignatures.ts'

/** What should go on being so: invariants of the state, and events that should keep coming. */
export function proposeStates(
  contract: NamedFacts,
  all: readonly NamedFacts[],
  measured: { now: number; blocksPerDay: number | null },
): Proposal[] {
  return [...vaultStates(contract, all), ...safeStates(contract), ...feedStates(contract, measured)]
}

const invariant = (
  { name }: NamedFacts,
  suffix: string,
  text: string,
  why: string,
  severity: NonNullable<Proposal['severity']> = 'high',
): Proposal => ({
  name: `${name}-${suffix}`,
  use: 'state',
  on: [name],
  severity,
  options: { invariant: text },
  why: [why],
})

function vaultStates(contract: NamedFacts, all: readonly NamedFacts[]): Proposal[] {
  const { vault } = contract.facts
  if (!vault) return []
  const asset = all.find(({ facts }) => facts.address === vault.asset)
  const floor = ((vault.assetsPerShare ?? 0n) * 95n) / 100n
  const price = `convertToAssets(${literal(vault.oneShare, null)}) >= ${literal(floor, null)}`
  return [
    ...(floor > 0n
      ? [
          invariant(
            contract,
            'share-price',
            price,
            'The price of a share falls only by a loss; this is 5 % below the present one.',
            'critical',
          ),
        ]
      : []),
    ...(asset
      ? [
          invariant(
            contract,
            'backed',
            `totalAssets() <= $${asset.name}.balanceOf($${contract.name})`,
            `What ${contract.name} says it holds is there now. Delete this one if it may lend or invest its assets.`,
          ),
        ]
      : []),
  ]
}

function safeStates(contract: NamedFacts): Proposal[] {
  const { safe } = contract.facts
  if (!safe || safe.threshold < 2) return []
  const why = 'Read from the state, so that it also shows where a delegated call changed it without an event.'
  return [invariant(contract, 'threshold-kept', `getThreshold() >= ${safe.threshold}`, why, 'critical')]
}

/** The longest time between rounds seems short where prices moved; feeds of Chainlink speak at least every hour or day. */
const patience = { rounds: 3, secondsMin: 300, proxySecondsMin: 7_200, unknownSeconds: 90_000 }

function feedStates(
  contract: NamedFacts,
  { now, blocksPerDay }: { now: number; blocksPerDay: number | null },
): Proposal[] {
  const { feed } = contract.facts
  if (!feed) return []
  const seconds = silenceMax(feed, now)
  const seen =
    feed.intervals.length > 0
      ? `Its last ${feed.intervals.length + 1} rounds came at most ${Math.max(...feed.intervals)} s apart.`
      : 'How often it speaks could not be seen: set this to its heartbeat and a bit.'
  const alive: Proposal =
    blocksPerDay !== null && sends(contract.facts, 'event AnswerUpdated(int256,uint256,uint256)')
      ? {
          name: `${contract.name}-silent`,
          use: 'absence',
          on: [contract.name],
          options: { of: 'event AnswerUpdated', within: Math.max(1, Math.ceil((seconds * blocksPerDay) / 86_400)) },
          why: [`${seen} The limit is in blocks: about ${seconds} s.`],
        }
      : invariant(contract, 'fresh', `block.timestamp - latestRoundData().updatedAt <= ${seconds}`, seen)
  const why = 'A feed that answers zero or less lets everything be borrowed or liquidated.'
  return [alive, invariant(contract, 'answers', 'latestRoundData().answer > 0', why, 'critical')]
}

function silenceMax(feed: NonNullable<ContractFacts['feed']>, now: number): number {
  if (feed.intervals.length === 0) return patience.unknownSeconds
  const least = feed.aggregator ? patience.proxySecondsMin : patience.secondsMin
  const present = Math.max(0, now - feed.updatedAt)
  return Math.max(least, patience.rounds * Math.max(...feed.intervals, present))
}
