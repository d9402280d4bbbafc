import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { hexShape } from '../../remembered.ts'
import { byNobody } from '../byNobody.ts'
import type { Hand } from './handsAt.ts'

/** One call of each of the first functions that were used, by its selector. Plain data. */
export const callsShape = z.record(hexShape, hexShape)
export type Calls = Readonly<z.output<typeof callsShape>>

const [callsMax, wordsMax] = [4, 12]
const selectorDigits = 10
const inputMax = selectorDigits + 64 * 24
const zeroWord = '0'.repeat(64)

/** Those that came first stay: a thief who calls others shall not push them out. */
export function afterCalls(calls: Calls, hands: readonly Hand[]): Calls {
  const fresh = hands.flatMap(({ isDirect, way, transaction: { input } }): [Hex, Hex][] =>
    isDirect && input.length > selectorDigits && input.length <= inputMax && !(way in calls) ? [[way, input]] : [],
  )
  if (fresh.length === 0 || Object.keys(calls).length >= callsMax) return calls
  return Object.fromEntries([...Object.entries(calls), ...new Map(fresh)].slice(0, callsMax))
}

/** Whether it may have made something nothing: it says zero, or nobody knows what it says. */
export const mayClear = ({ isDirect, way, input }: Hand, calls: Calls): boolean =>
  !(way in calls) &&
  (!isDirect || input.length < 64 || [...input.matchAll(/.{64}/g)].some(([each]) => each === zeroWord))

/** Calls like those that were made, of which one word is another: nobody ever proved or signed these. */
const trialsOf = (calls: Calls): Hex[] =>
  Object.values(calls).flatMap((input) => {
    const words = Math.min(Math.floor((input.length - selectorDigits) / 64), wordsMax)
    return Array.from({ length: words }, (_, place): Hex => {
      const last = selectorDigits + 64 * (place + 1) - 1
      const digit = (Number.parseInt(input[last]!, 16) ^ 1).toString(16)
      return `${input.slice(0, last)}${digit}${input.slice(last + 1)}` as Hex
    })
  })

const trialReads = (input: Hex, to: Address): [Read, Read] => {
  const read = byNobody({ input }, to)
  return [read, { ...read, at: 'block' }]
}

export const readsOfTrials = (to: Address, calls: Calls): Read[] =>
  trialsOf(calls).flatMap((input) => trialReads(input, to))

/** The function that a stranger may call now as he might not before; null: none is known. */
export function openedBy(to: Address, calls: Calls, { state }: Pick<Observation, 'state'>): Hex | null {
  const opened = trialsOf(calls).find((input) => {
    const [before, after] = trialReads(input, to).map(state)
    return before && after && !before.ok && before.reverted && after.ok
  })
  return opened ? (opened.slice(0, selectorDigits) as Hex) : null
}
