import type { Address, Hex } from '../../../model/chain.ts'
import type { Evidence } from '../../../model/finding.ts'
import type { Severity } from '../../../model/severity.ts'
import type { Ground, Sign, Stage } from '../../../model/sign.ts'

/** What is kept of a sign: plain data, short. `time`: of its block, in seconds. */
export type RememberedSign = {
  id: string
  monitor: string
  detector: string
  stage: Stage
  restsOn: Ground
  severity: Severity
  evidence: Evidence
  /** It pages by itself. */
  isPrecise: boolean
  address: Address
  title: string
  actors: Address[]
  transactionHash: Hex | null
  block: number
  time: number
}

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
