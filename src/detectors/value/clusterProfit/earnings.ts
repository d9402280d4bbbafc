import { z } from 'zod'
import { hexShape, remembered } from '../../remembered.ts'

/** What some actors gained and lost within a few blocks. Plain data. `told`: dollars that people were told of. */
const earning = z.object({ actors: z.array(hexShape), block: z.number(), dollars: z.number(), told: z.number() })
export type Earning = z.output<typeof earning>
export const rememberedEarnings = remembered(z.array(earning))

/** Five minutes of twelve seconds: who takes longer is seen by what is lost meanwhile. */
const blocksMax = 25
const earningsMax = 32
const actorsMax = 8

/** Adds what was gained to that of the same actors: whoever shares one belongs together. The sum comes last. */
export function addEarning(
  before: readonly Earning[],
  { actors, block, dollars }: Omit<Earning, 'told'>,
): [...Earning[], Earning] {
  const recent = before.filter((each) => block - each.block <= blocksMax)
  const same = recent.filter((each) => each.actors.some((actor) => actors.includes(actor)))
  const sum: Earning = {
    actors: [...new Set([...same.flatMap((each) => each.actors), ...actors])].slice(-actorsMax),
    block: Math.min(block, ...same.map((each) => each.block)),
    dollars: dollars + same.reduce((total, each) => total + each.dollars, 0),
    told: same.reduce((total, each) => total + each.told, 0),
  }
  return [...recent.filter((each) => !same.includes(each)).slice(-(earningsMax - 1)), sum]
}
