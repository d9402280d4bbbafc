import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { Payment } from './paymentsIn.ts'

/**
 * What use has taught of a function that is handed a number: at which places the records of the contract named somebody who
 * asked or was paid, of all payments so far, and who that was. A place is a getter, the word of the calldata that it is asked
 * with, and the word of its answer.
 */
const lesson = z.object({ name: z.string(), places: z.array(z.string()), whose: z.array(hexShape), paid: z.number() })
type Lesson = z.output<typeof lesson>
const key = 'records'
const rememberedLessons = remembered(z.array(lesson))

/** After so many payments to so many it is no chance that the records name who is paid. */
const [paidMin, whoseMin] = [3, 2]
const [lessonsMax, argumentsMax, wordsMax] = [64, 4, 8]
const [isNumber, isAddress] = [/^0{48}/, /^0{24}(?!0{8})/]

const isKnown = ({ places, whose, paid }: Lesson): boolean =>
  places.length > 0 && whose.length >= whoseMin && paid >= paidMin

/** The functions that say whose a number is, as far as they were asked with one of the calldata. */
function questionsOf({ asking }: Payment, getters: readonly Hex[], known?: Lesson) {
  const { to, data } = asking
  return getters.flatMap((getter) =>
    Array.from({ length: argumentsMax }, (_, index) => data.slice(10 + 64 * index, 74 + 64 * index)).flatMap(
      (word, index) => {
        const place = `${getter} ${index}`
        if (word.length < 64 || !isNumber.test(word)) return []
        if (known && !known.places.some((each) => each.startsWith(`${place} `))) return []
        const ask = (at: Read['at']): Read => ({ kind: 'call', at, to, data: `${getter}${word}` as Hex })
        return [{ place, reads: [ask('parent'), ask('block')] }]
      },
    ),
  )
}

/** Whose it is by each place, before the payment and after; null: nobody could be asked. */
function accountsAt(
  payment: Payment,
  { getters, known, observation }: { getters: readonly Hex[]; known?: Lesson; observation: Pick<Observation, 'state'> },
): Map<string, Address[]> | null {
  const accounts = new Map<string, Address[]>()
  for (const { place, reads } of questionsOf(payment, getters, known)) {
    for (const result of reads.map((read) => observation.state(read))) {
      if (!result.ok && !result.reverted) return null
      const digits = result.ok ? result.data.slice(2, 2 + 64 * wordsMax) : ''
      for (const [index, word] of (digits.match(/.{64}/g) ?? []).entries()) {
        const at = `${place} ${index}`
        if (isAddress.test(word)) accounts.set(at, [...(accounts.get(at) ?? []), `0x${word.slice(24)}`])
      }
    }
  }
  return accounts
}

/** What is known of records, over the memory of the monitor. `getters`: functions that say whose a number is. */
export function recordsIn(memory: Memory, getters: readonly Hex[]) {
  const before = rememberedLessons(memory, key) ?? []
  let now = before
  const of = (name: string): Lesson | undefined => now.find((each) => each.name === name)
  return {
    /** Whether there may still be something to learn or to say of a function. */
    follows: (name: string): boolean => getters.length > 0 && of(name)?.places.length !== 0,

    reads: (name: string, payment: Payment): Read[] =>
      questionsOf(payment, getters, of(name)).flatMap(({ reads }) => reads),

    /** Whose it is that somebody else was paid; null: it is his, or nobody knows. */
    ownerOf(name: string, payment: Payment, observation: Pick<Observation, 'state'>): Address | null {
      const known = of(name)
      if (!known || !isKnown(known)) return null
      const accounts = accountsAt(payment, { getters, known, observation })
      const named = known.places.map((place) => accounts?.get(place) ?? [])
      const isOthers = named.every((each) => each.length > 0 && !each.some((who) => payment.parties.includes(who)))
      return isOthers ? named[0]![0]! : null
    },

    /** Once it is known whose a payment is, another teaches nothing: or a thief would begin with a little. */
    learn(name: string, payment: Payment, observation: Pick<Observation, 'state'>): void {
      const old = of(name)
      if (getters.length === 0 || old?.places.length === 0 || (old && isKnown(old))) return
      const accounts = accountsAt(payment, { getters, ...(old && { known: old }), observation })
      if (!accounts) return
      const parties = [...accounts].flatMap(([place, each]) => {
        const who = each.find((account) => payment.parties.includes(account))
        return who && (!old || old.places.includes(place)) ? [{ place, who }] : []
      })
      const next: Lesson = {
        name,
        places: parties.map(({ place }) => place),
        whose: [...new Set([...(old?.whose ?? []), ...parties.map(({ who }) => who)])].slice(0, whoseMin),
        paid: (old?.paid ?? 0) + 1,
      }
      now = [...now.filter((each) => each.name !== name), next].slice(-lessonsMax)
    },

    changes: (): Record<string, Json> => (now === before ? {} : { [key]: now }),
  }
}

export type Records = ReturnType<typeof recordsIn>
