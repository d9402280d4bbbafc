import { z } from 'zod'
import type { Assignment } from '../../../model/detector.ts'
import { KnownError } from '../../../model/error.ts'
import { severities } from '../../../model/severity.ts'
import { kinds } from '../privilegedEvent.ts'
import { implementationOf, isSet, type StateName, type StateValues } from '../stateValues.ts'
import { plannedOption } from './calendar.ts'

const pinned = z
  .string()
  .regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
  .optional()

export const privilegedChangeOptions = z.strictObject({
  ignore: z.array(z.enum(kinds)).default([]).describe('Kinds of change that this monitor does not speak of.'),
  severities: z
    .partialRecord(z.enum(kinds), z.enum(severities))
    .default({})
    .describe('Of some kinds of change another severity than this detector gives them, such as `{ pause: high }`.'),
  expect: z
    .strictObject({
      implementation: pinned,
      beacon: pinned,
      admin: pinned,
      owner: pinned,
      pendingOwner: pinned,
      authority: pinned,
      paused: z.boolean().optional(),
      code: z
        .string()
        .regex(/^0x[0-9a-fA-F]{64}$/, 'write the Keccak hash of the code')
        .optional(),
    })
    .optional()
    .describe('What must hold: anything else speaks, also from the first block on; a change to it is mere news.'),
  planned: plannedOption,
  everyBlocks: z.int().min(1).max(100).default(1).describe('How often slots, owners and short code are read.'),
  codeEveryBlocks: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe('How often code of more than 1 kB is read, where no transaction to the contract gives reason to.'),
})

export type PrivilegedChangeOptions = z.output<typeof privilegedChangeOptions>

export type Expected = {
  /** As the config calls it. */
  name: string
  value: string
  /** Where it may stand. */
  places: readonly StateName[]
  /** What holds, or undefined where it is not known yet. */
  current(values: StateValues): string | undefined
}

/** @throws {KnownError} The expectation names a contract that is none, or cannot hold for several targets at once. */
export function expectations({ options, targets, names }: Assignment<PrivilegedChangeOptions>): Expected[] {
  const given = Object.entries(options.expect ?? {}).filter(([, value]) => value !== undefined)
  if (given.length > 0 && targets.length > 1) {
    throw new KnownError('invalid', `One expectation cannot hold for ${targets.length} contracts.`, {
      hints: ['Give each contract with expect: a monitor of its own.'],
    })
  }
  return given.map(([name, value]) => {
    const text = String(value)
    const named = text.startsWith('$') ? names.get(text.slice(1)) : undefined
    if (text.startsWith('$') && !named) {
      throw new KnownError('invalid', `The expected ${name} ${text} is no contract of the config on this chain.`)
    }
    const places = placesOf(name)
    return { name, value: (named?.address ?? text).toLowerCase(), places, current: (values) => currentOf(name, values) }
  })
}

function placesOf(name: string): readonly StateName[] {
  if (name === 'admin') return ['proxyAdmin', 'admin']
  if (name !== 'implementation') return [name as StateName]
  return [
    'implementation',
    'legacyImplementation',
    'proxiableImplementation',
    'beaconImplementation',
    'ownImplementation',
    'singleton',
  ]
}

function currentOf(name: string, values: StateValues): string | undefined {
  if (name === 'implementation') return implementationOf(values) ?? values.implementation
  if (name === 'admin' && !isSet(values.proxyAdmin)) return values.admin
  return name === 'admin' ? values.proxyAdmin : values[name as StateName]
}
