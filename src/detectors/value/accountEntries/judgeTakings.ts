import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import { hexShape, remembered } from '../../remembered.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { claimTaking } from './claims.ts'
import type { Dealing } from './dealings.ts'
import type { Asset, Judged, Judging } from './judging.ts'
import { isKnown, type Lessons } from './lessons.ts'
import { takingIn } from './takings.ts'

/** How often senders took out of the entries of others what was no reason to speak, as those do who settle for customers. */
const takersShape = z.record(hexShape, z.number())
type Takers = z.output<typeof takersShape>
const rememberedTakers = remembered(takersShape)

const takersMax = 16
/** Times after which it is their habit, and who speaks of it wakes nobody. */
const habitMin = 4
const key = (target: Address, asset: Asset) => `takers ${target} ${asset}`

/** Speaks where most of what stood in an entry was paid to a stranger, and whose it is did nothing. */
export function judgeTakings(
  dealings: readonly Dealing[],
  { asset, held, lessons }: { asset: Asset; held: bigint; lessons: Lessons },
  judging: Judging,
): Judged {
  const { observation, memory, options, target, trusted } = judging
  const known = Object.entries(lessons.entries).flatMap(([name, counts]) => (isKnown(counts) ? [name] : []))
  const before = rememberedTakers(memory, key(target.address, asset)) ?? {}
  let takers = before
  const claims = dealings.flatMap((dealing): Claim[] => {
    const paid = dealing.paid.get(asset) ?? 0n
    const given = { asset, paid, selectors: options.entries, known, observation, trusted }
    const taking = takingIn(target.address, dealing, given)
    if (!taking) return []
    const isHabit = (before[taking.sender] ?? 0) >= habitMin
    const isMuch = taking.isMost && held > 0n && isPercentOf(taking.amount, options.percent, held)
    if (isHabit || !isMuch) takers = addTaker(takers, taking.sender)
    return isMuch ? [claimTaking({ taking, held, asset, dealing, isHabit, isSure: trusted.has(asset) }, judging)] : []
  })
  return { claims, memory: takers === before ? {} : { [key(target.address, asset)]: takers } }
}

/** Who took last is kept longest. */
function addTaker(takers: Takers, sender: Address): Takers {
  const { [sender]: times = 0, ...others } = takers
  return Object.fromEntries([...Object.entries(others), [sender, Math.min(times + 1, habitMin)]].slice(-takersMax))
}
