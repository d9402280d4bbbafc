import { hash } from '../../../lib/hash.ts'
import type { Hex } from '../../../model/chain.ts'
import { signaturesIn } from '../replayedSignature/signaturesIn.ts'
import type { PaidCall } from './paidCalls.ts'

/** By what a claim is known among those of its function. */
export type Marks = {
  /** `proof`: by words that nobody chooses, as those of a proof or an id that was hashed; `number`: by a small number. */
  kind: 'proof' | 'number'
  /** Equal where it is the same claim. */
  key: string
  /** Equal where nothing else of it differs, whoever is to be paid. What a whole proof is handed along with proves nothing else. */
  call: string
  /** The numbers by which it is known, as hex digits. */
  numbers: string[]
}

const wordsMax = 256
/** As numbers: what is shorter than an address counts or measures, what is longer than one was hashed. */
const [isShort, isAddress] = [/^0{48}/, /^0{24}(?!0{8})/]
/** Flags, texts and signs of all or nothing have long runs. */
const hasRun = /(.)\1{11}/

/** Of hashes in a list. Those of a shorter one may be ids that anybody may hand in again. */
const proofMin = 2

/** Whether all that was hashed is one list: the path of a leaf to a root, which no other leaf has. */
function isProof(words: readonly string[], hashed: readonly string[]): boolean {
  const from = words.indexOf(hashed[0]!)
  const isLength = BigInt(`0x${words[from - 1] ?? '0'}`) === BigInt(hashed.length)
  return hashed.length >= proofMin && isLength && hashed.every((word, place) => words[from + place] === word)
}

/** Whole words behind the selector. */
export const wordCount = (input: Hex): number => Math.floor((input.length - 10) / 64)

/**
 * Its marks, and where a function is known to do with fewer words, those of so many: anybody can write on behind what a
 * function reads.
 */
export function allMarksOf(call: PaidCall, fewest = Number.POSITIVE_INFINITY): Marks[] {
  const whole = marksOf(call)
  const shorter = wordCount(call.input) > fewest ? marksOf(call, fewest) : null
  const isOther = shorter !== null && (shorter.key !== whole?.key || shorter.call !== whole.call)
  return [...(whole ? [whole] : []), ...(isOther ? [shorter] : [])]
}

/** Null: nothing names it, or what names it is how much is to be paid, or a signature, which others judge. */
export function marksOf({ target, input, paid }: PaidCall, most = wordsMax): Marks | null {
  const count = Math.min(wordsMax, most, wordCount(input))
  const words = Array.from({ length: count }, (_, index) => input.slice(10 + 64 * index, 74 + 64 * index))
  const others = words.filter((word) => !isAddress.test(word))
  if (others.length === 0 || signaturesIn(input).length > 0) return null
  const place = `${target} ${input.slice(0, 10)}`
  const call = hash(place, ...others).slice(0, 16)
  const hashed = others.filter((word) => !isShort.test(word) && !/^0{16}/.test(word) && !hasRun.test(word))
  if (hashed.length > 0) {
    const key = `${place} ${hash(...hashed)}`
    return { kind: 'proof', key, call: isProof(words, hashed) ? key : call, numbers: [] }
  }
  const amounts = new Set(paid.map(([, amount]) => amount.toString(16).padStart(64, '0')))
  const isSize = others.some((word) => amounts.has(word) || !isShort.test(word))
  return isSize ? null : { kind: 'number', key: `${place} ${hash(...others)}`, call, numbers: others.slice(0, 4) }
}
