import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import { severities } from '../../../model/severity.ts'
import { grounds, type Sign, stages } from '../../../model/sign.ts'
import { hexShape, remembered } from '../../remembered.ts'

/** What is kept of a sign: plain data, short. `time`: of its block, in seconds. */
const signShape = z.object({
  id: z.string(),
  monitor: z.string(),
  detector: z.string(),
  stage: z.enum(stages),
  restsOn: z.enum(grounds),
  severity: z.enum(severities),
  evidence: z.enum(['soft', 'hard']),
  /** It pages by itself. */
  isPrecise: z.boolean(),
  address: hexShape,
  title: z.string(),
  actors: z.array(hexShape),
  transactionHash: hexShape.nullable(),
  block: z.number(),
  time: z.number(),
})
export type RememberedSign = z.output<typeof signShape>
export const rememberedSigns = remembered(z.array(signShape))

const titleMax = 120

/** @param known Addresses that are no stranger's: contracts of the config are used by all. */
export function rememberSign(
  { finding, stage, restsOn, actors }: Sign,
  { block, time, known }: { block: number; time: number; known: ReadonlySet<Address> },
): RememberedSign {
  const { id, monitor, detector, severity, evidence, address, title, transactionHash } = finding
  return {
    ...{ id, monitor, detector, stage, restsOn, severity, evidence, address, transactionHash, block, time },
    isPrecise: severity === 'high' || severity === 'critical',
    title: title.slice(0, titleMax),
    actors: actors.filter((actor) => !known.has(actor)),
  }
}
