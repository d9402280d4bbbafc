import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import { allowList, allowListOption, allowListWords } from '../../allowList.ts'
import { internalOption } from '../../rules/internalOption.ts'

const hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'write the hash of the Safe transaction, 0x and 64 hex digits')

export const safeExecutionOptions = z.strictObject({
  delegatecalls: allowListOption(64).describe(
    `Contracts whose code the Safe may run as its own (operation 1), besides the MultiSend, SignMessageLib and CreateCall that Safe publishes. ${allowListWords}`,
  ),
  announced: z
    .array(hash)
    .max(1000)
    .optional()
    .describe('Hashes of the Safe transactions that were agreed on: any other that is executed speaks at high.'),
  refundReceivers: allowListOption(64).describe(
    'Who may be paid for gas by the Safe, besides whoever sends the transaction and contracts of the config. Written as `delegatecalls`.',
  ),
  internal: internalOption,
  everyBlocks: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('How often the settings are read from the storage of a Safe that nobody touched.'),
})

export type SafeExecutionOptions = z.output<typeof safeExecutionOptions>

/** Who is allowed what in one block. */
export type Allowed = {
  delegatecalls: ReadonlySet<Address>
  refundReceivers: ReadonlySet<Address>
  /** Undefined: nobody announces anything. */
  announced: ReadonlySet<Hex> | undefined
}

type View = Pick<Observation, 'block'>

/** @throws {KnownError} A name is no contract of the config on this chain. */
export function allowedOf(assignment: Assignment<SafeExecutionOptions>) {
  const { options, names } = assignment
  const delegatecalls = allowList(options.delegatecalls, assignment)
  const ours = [...names.values()].map(({ address }) => address)
  const refundReceivers = allowList(options.refundReceivers, assignment, ours)
  const announced = options.announced && new Set(options.announced.map((each) => each.toLowerCase() as Hex))
  return {
    certain: (view: View): Allowed => ({
      delegatecalls: delegatecalls.certain(view),
      refundReceivers: refundReceivers.certain(view),
      announced,
    }),
    reads: (view: View) => [...delegatecalls.reads(view), ...refundReceivers.reads(view)],
    at(observation: Observation): { allowed: Allowed; blind: string[] } {
      const [run, paid] = [delegatecalls.at(observation), refundReceivers.at(observation)]
      const allowed = { delegatecalls: run.allowed, refundReceivers: paid.allowed, announced }
      return { allowed, blind: [...run.blind, ...paid.blind] }
    },
  }
}
