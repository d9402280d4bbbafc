import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { type CompiledEvent, compileEvent } from '../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Value } from '../../evm/abi/value.ts'
import type { Address, Hex, Log } from '../../model/chain.ts'
import type { Json } from '../../model/finding.ts'
import type { Read } from '../../model/read.ts'
import type { Severity } from '../../model/severity.ts'
import type { StateName } from './stateValues.ts'

/** What a change is about; the option `ignore` takes these words. */
export const kinds = ['upgrade', 'admin', 'owner', 'role', 'authority', 'pause', 'initialize', 'code'] as const
export type Kind = (typeof kinds)[number]

/** What an event says was done. */
export type Telling = {
  /** A clause about the contract, such as `Owner of vault changed to 0x…`. */
  title: string
  facts: Record<string, Json>
  /** The state that must hold if the event is true. Any of the values will do: standards put it in different places. */
  sets?: { values: readonly StateName[]; to: string }
  /** A question whose answer proves the event: it must begin with the word `answer`. */
  proof?: { read: Read; answer: Hex }
  severity?: Severity
  /** Who can do more by it than before, and so has a hand in it, whoever gave the power. */
  empowers?: Address
}

/** Contract and address as a title shows them. */
export type Words = { name: string; show(address: Address): string; self: Address }

export type PrivilegedEvent = {
  standard: string
  kind: Kind
  topic0: Hex
  /** @throws {UndecodableError} The log has the topic of this event and is not written so. */
  tell(log: Log, words: Words): Telling
}

/**
 * An event with which contracts tell of a change of power. Which parameters are indexed differs between versions of the
 * standards, so it is read off the number of topics.
 *
 * @param signature As Solidity writes it, with the usual `indexed`.
 */
export function privilegedEvent<Values extends Value[]>(
  signature: string,
  rest: { standard: string; kind: Kind; tell(values: Values, words: Words): Telling },
): PrivilegedEvent {
  const usual = parseAbiItem(signature) as AbiEvent
  const variants = [usual, withIndexed(usual, false), withIndexed(usual, true)].map(compileEvent)
  return {
    ...rest,
    topic0: variants[0]!.topic0,
    tell: (log, words) => rest.tell(decode(variants, log) as Values, words),
  }
}

function withIndexed(event: AbiEvent, indexed: boolean): AbiEvent {
  return { ...event, inputs: event.inputs.map((input, place) => ({ ...input, indexed: indexed && place < 3 })) }
}

function decode(variants: readonly CompiledEvent[], log: Log): Value[] {
  let reason: unknown
  for (const variant of variants) {
    try {
      return variant.decode(log)
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      reason ??= error
    }
  }
  throw reason
}
