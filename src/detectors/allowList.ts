import { z } from 'zod'
import { keccak } from '../lib/keccak.ts'
import type { Address, Hex } from '../model/chain.ts'
import type { Assignment } from '../model/detector.ts'
import type { Observation } from '../model/observation.ts'
import type { Read } from '../model/read.ts'
import { contractOption, resolveContract } from './contractOption.ts'
import { endOf, momentOption } from './momentOption.ts'

/** Entries with a code, which is read in each block that matters. */
const codesMax = 64

const allowed = z.union([
  contractOption,
  z.strictObject({
    who: contractOption,
    code: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, 'write the Keccak hash of the code')
      .optional(),
    until: momentOption.optional(),
  }),
])
type Allowed = z.output<typeof allowed>

/** A list of whom a detector lets pass, of at most so many. */
export const allowListOption = (max: number) =>
  z
    .array(allowed)
    .max(max)
    .refine(
      (list) => list.filter((entry) => typeof entry === 'object' && entry.code !== undefined).length <= codesMax,
      `give at most ${codesMax} of them a code`,
    )
    .default([])

/** How the entries of such a list are written. */
export const allowListWords =
  'Each as `$name` or address, or `{ who, code, until }`: only with the code of this Keccak hash, only until this day or time.'

type View = Pick<Observation, 'block'>

export type AllowList = {
  /** Who is let pass in this block whatever its code is. */
  certain(view: View): ReadonlySet<Address>
  /** The codes by which `at` knows the others. */
  reads(view: View): Read[]
  /** Who is let pass in this block. `blind`: of whom it cannot be told; these are not. */
  at(observation: Observation): { allowed: ReadonlySet<Address>; blind: string[] }
}

/**
 * @param always Let pass without being written there, such as the contracts of the config.
 * @throws {KnownError} The config has no contract of a name.
 */
export function allowList(
  entries: readonly Allowed[],
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
  always: Iterable<Address> = [],
): AllowList {
  const given = entries.map((entry) => resolved(entry, assignment))
  const forever = new Set([
    ...always,
    ...given.filter(({ code, end }) => code === undefined && end === Number.POSITIVE_INFINITY).map(addressOf),
  ])
  const limited = given.filter(({ address }) => !forever.has(address))
  const due = ({ block }: View) => limited.filter(({ end }) => block.timestamp < end)
  const uncoded = (view: View) => due(view).filter(({ code }) => code === undefined)
  const coded = (view: View) => due(view).filter((entry): entry is Coded => entry.code !== undefined)
  const certain = (view: View) =>
    limited.length === 0 ? forever : new Set([...forever, ...uncoded(view).map(addressOf)])

  return {
    certain,
    reads: (view) => coded(view).map(({ address }) => codeRead(address)),
    at(observation) {
      const answers = coded(observation).map((entry) => ({ entry, code: observation.state(codeRead(entry.address)) }))
      const passed = answers.filter(({ entry, code }) => code.ok && hashOf(code.data) === entry.code)
      const blind = answers.flatMap(({ entry: { name }, code }) =>
        code.ok ? [] : [`The code of ${name}, which is allowed with one code only, could not be read: ${code.reason}`],
      )
      if (passed.length === 0) return { allowed: certain(observation), blind }
      return { allowed: new Set([...certain(observation), ...passed.map(({ entry }) => entry.address)]), blind }
    },
  }
}

/** `end`: in unix seconds. */
type Entry = { name: string; address: Address; code: string | undefined; end: number }
type Coded = Entry & { code: string }

function resolved(entry: Allowed, assignment: Parameters<typeof resolveContract>[1]): Entry {
  const { who, code, until } = typeof entry === 'string' ? { who: entry } : { ...entry }
  const { name, address } = resolveContract(who, assignment)
  return {
    ...{ name, address, code: code?.toLowerCase() },
    end: until === undefined ? Number.POSITIVE_INFINITY : endOf(until),
  }
}

const addressOf = ({ address }: Entry) => address

/** After the block: who gave itself other code in it, or none, is somebody else. */
const codeRead = (of: Address): Read => ({ kind: 'code', at: 'block', of })

const hashOf = (code: Hex) => `0x${Buffer.from(keccak(Buffer.from(code.slice(2), 'hex'))).toString('hex')}`
