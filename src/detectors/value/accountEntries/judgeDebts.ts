import type { Address } from '../../../model/chain.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { readAmount } from '../../tokens/balances.ts'
import { claimDebt } from './claims.ts'
import type { Dealing } from './dealings.ts'
import {
  type Measure,
  measureOf,
  noBounds,
  rememberedBounds,
  rolesIn,
  type Standing,
  standingsIn,
  withStanding,
} from './debts.ts'
import { heldReads, supplyReads } from './entries.ts'
import type { Asset, Judging } from './judging.ts'
import type { Lessons } from './lessons.ts'

type Judged = {
  claims: Claim[]
  memory: Record<string, Json>
  /** Loans of an asset behind which as much stands as behind others. */
  isBacked(dealing: Dealing, asset: Asset): boolean
}

/** Of what was ever owed for a pledge: so many times it is as others borrow, and from so many on it is told. */
const [usualTimes, oddTimes] = [1.5, 10]
/** Among few who are careful, one who is not owes far more: of so many, or by so many times, it is no price that explains it. */
const [manySeen, graveTimes] = [40, 1_000]
const isGrave = ({ times, seen }: Measure): boolean => times >= (seen >= manySeen ? oddTimes : graveTimes)
const key = (target: Address) => `bounds ${target}`

/**
 * Learns how much people owe for what they have pledged, and speaks where somebody owes and nothing, or next to nothing,
 * stands behind it: he borrowed without being asked for it, or at a price that is none, or took out what he had pledged.
 */
export function judgeDebts(
  dealings: readonly Dealing[],
  lessons: ReadonlyMap<Asset, Lessons>,
  judging: Judging,
): Judged {
  const { observation, memory, options, target } = judging
  const roles = rolesIn(lessons)
  const before = rememberedBounds(memory, key(target.address)) ?? noBounds
  let bounds = before
  const backed = new Map<Dealing, Set<Asset>>()
  const claims = dealings.flatMap((dealing) => {
    const standings = standingsIn(target.address, options.entries, dealing, { roles, observation })
    const judged = standings.map((standing) => ({ standing, measure: measureOf(standing, before) }))
    for (const { standing } of judged.filter(({ measure }) => !measure || !isGrave(measure)))
      bounds = withStanding(bounds, standing)
    for (const { asset } of standings) {
      const own = judged.filter(({ standing }) => standing.asset === asset && standing.grew > 0n)
      const grew = own.reduce((sum, { standing }) => sum + standing.grew, 0n)
      const isUsual = own.length > 0 && own.every(({ measure }) => measure !== null && measure.times <= usualTimes)
      if (isUsual && grew >= (dealing.paid.get(asset) ?? 0n))
        backed.set(dealing, (backed.get(dealing) ?? new Set()).add(asset))
    }
    return judged.flatMap(({ standing, measure }) => (measure ? claimIn(standing, measure, dealing, judging) : []))
  })
  return {
    claims,
    memory: bounds === before ? {} : { [key(target.address)]: bounds },
    isBacked: (dealing, asset) => backed.get(dealing)?.has(asset) ?? false,
  }
}

function claimIn(standing: Standing, measure: Measure, dealing: Dealing, judging: Judging): Claim[] {
  const { observation, options, target, trusted } = judging
  const { asset, owed } = standing
  if (measure.times < oddTimes) return []
  // Of what is lent by making it, the contract holds none.
  const [held] = [heldReads(target.address, asset)[0], ...supplyReads(asset)].flatMap((read) => {
    const { amount } = readAmount(observation, read)
    return amount ? [amount] : []
  })
  if (!held || !isPercentOf(owed, options.percent, held)) return []
  return [
    claimDebt(
      { standing, times: measure.times, held, dealing, isSure: trusted.has(asset) && isGrave(measure) },
      judging,
    ),
  ]
}
