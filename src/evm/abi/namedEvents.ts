import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import type { Address, Hex, Log } from '../../model/chain.ts'
import { type CompiledEvent, compileEvent } from './compileEvent.ts'
import { UndecodableError } from './undecodableError.ts'
import type { ValuesOf } from './valuesOf.ts'

type Signatures = Readonly<Record<string, string>>

/** A log with what it holds, which the name of its event tells. */
export type NamedLog<All extends Signatures, Name extends keyof All = keyof All> = Name extends unknown
  ? { name: Name; log: Log; values: ValuesOf<All[Name]> }
  : never

export type NamedEvents<All extends Signatures> = {
  topics: Readonly<Record<keyof All, Hex>>
  /** Whether it is one of these events, by its topic 0. */
  has(log: Log): boolean
  /** What is told, in its order. `unread`: why some of it could not be understood. Logs of other events are passed over. */
  read(logs: readonly Log[], show: (address: Address) => string): { told: NamedLog<All>[]; unread: Set<string> }
}

/**
 * Events that are written out in our own code, by names of ours, so that what is decoded of them has a type.
 * @param formsOf Other ways in which contracts write the same event, such as without indexed parameters, in the order in
 * which they are tried.
 */
export function namedEvents<const All extends Signatures>(
  signatures: All,
  formsOf: (usual: AbiEvent) => AbiEvent[] = (usual) => [usual],
): NamedEvents<All> {
  const entries = Object.entries(signatures).map(([name, signature]): [string, CompiledEvent[]] => [
    name,
    formsOf(parseAbiItem(signature as string) as AbiEvent).map(compileEvent),
  ])
  const byTopic = new Map(entries.map(([name, forms]) => [forms[0]!.topic0, { name, forms }]))
  const find = ({ topics: [topic0] }: Log) => (topic0 === undefined ? undefined : byTopic.get(topic0))
  return {
    topics: Object.fromEntries(entries.map(([name, [usual]]) => [name, usual!.topic0])) as Record<keyof All, Hex>,
    has: (log) => find(log) !== undefined,
    read(logs, show) {
      const unread = new Set<string>()
      const told = logs.flatMap((log): NamedLog<All>[] => {
        const found = find(log)
        if (!found) return []
        const values = decode(found.forms, log)
        // The decoder was made of the signature that gives the values their type.
        if (typeof values !== 'string') return [{ name: found.name, log, values } as unknown as NamedLog<All>]
        unread.add(`A log ${found.forms[0]!.name} of ${show(log.address)} could not be read: ${values}`)
        return []
      })
      return { told, unread }
    },
  }
}

export const logsNamed = <Each extends { name: PropertyKey }, Name extends Each['name']>(
  told: readonly Each[],
  ...names: readonly Name[]
): Extract<Each, { name: Name }>[] =>
  told.filter((each): each is Extract<Each, { name: Name }> => names.some((name) => name === each.name))

/** A text: why it is of none of the forms, as the usual one says. */
function decode(forms: readonly CompiledEvent[], log: Log) {
  let why: string | undefined
  for (const form of forms) {
    try {
      return form.decode(log)
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      why ??= error.message
    }
  }
  return why ?? 'it has no form'
}
