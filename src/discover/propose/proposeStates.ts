import type { NamedFacts } from '../facts/nameContracts.ts'
import { hasTerms } from '../facts/standardSignatures.ts'
import type { Proposal } from './proposal.ts'
import { literal } from './proposeRules.ts'

/** What should go on being so: invariants of the state. */
export function proposeStates(contract: NamedFacts, all: readonly NamedFacts[]): Proposal[] {
  return [...vaultStates(contract, all), ...safeStates(contract), ...marketStates(contract, all)]
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
  const kept = `totalAssets() <= $${asset?.name}.balanceOf($${contract.name})`
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
          {
            ...invariant(
              contract,
              'backed',
              kept,
              `What ${contract.name} says it holds is there now. Delete this one if it may lend or invest its assets.`,
            ),
            options: { invariant: kept, plannable: true },
          },
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

/** In hundredths of a percent. Above it the smallest move of a price leaves debts that nobody pays. */
const thresholdMax = 9_500
const reservesMax = 12

/** Whoever sets the terms of a market can have everything lent for next to nothing. */
function marketStates(contract: NamedFacts, all: readonly NamedFacts[]): Proposal[] {
  const { facts } = contract
  if (!hasTerms(facts)) return []
  const reserves = all.filter(({ pointers }) =>
    pointers.some(({ from, name }) => from === facts.address && name === 'reserve'),
  )
  return reserves.slice(0, reservesMax).map(({ name }) => {
    // Bits 16 to 31: from what part of the pledge on it is sold.
    const text = `getConfiguration($${name}) / 65536 % 65536 <= ${thresholdMax}`
    const why = `A pledge of ${name} that is sold only when nearly all of it is owed leaves debts that nobody pays.`
    const kept = invariant(contract, `terms-of-${name}`, text, why)
    return { ...kept, options: { ...kept.options, plannable: true } }
  })
}
