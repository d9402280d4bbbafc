import type { Hex } from '../../../model/chain.ts'

/** Order of the group of secp256k1, as a word. */
const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'
const half = '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0'
/** A number so small is an address, an amount or a time: of 2^48 signatures one has it. */
const smallStart = '0'.repeat(12)

const plain = (value: number) => value.toString(16).padStart(64, '0')
const [v27, v28, length65, length64] = [plain(27), plain(28), plain(65), plain(64)]

/** Words that are looked at, and signatures that are believed to be in one call. */
const [wordsMax, signaturesMax] = [512, 8]
/** Digits before the first word: `0x` and the selector, of the call itself, of one inside it, of one inside that. */
const starts = [10, 18, 26]

/**
 * Signatures of secp256k1 in some calldata, wherever they stand: as three words (v, r, s or r, s, v), as 65 bytes, or as 64
 * (ERC-2098). Each is named by the first digits of r and the last of s; what everybody can make of a signature, by turning
 * s around, has the same name.
 */
export const signaturesIn = (input: Hex): string[] => [
  ...new Set(signatureWords(input).map(({ r, s }) => nameOf(r, s))),
]

/** The same calldata without its signatures, of which anybody can write another half and another `v`. */
export const withoutSignatures = (input: Hex): string =>
  signatureWords(input).reduce<string>(
    (rest, { r, s }) => rest.replaceAll(RegExp(`(0{62}1[bc])?${r}${s}(0{62}1[bc]|1[bc]|0[01])?`, 'g'), ''),
    input,
  )

/** Their words as they stand there, each pair once. */
export function signatureWords(input: Hex): { r: string; s: string }[] {
  const found = new Map<string, { r: string; s: string }>()
  for (const start of starts) {
    const count = Math.min(wordsMax, Math.floor((input.length - start) / 64))
    const word = (index: number): string =>
      index < 0 || index >= count ? '' : input.slice(start + 64 * index, start + 64 * (index + 1))
    for (let index = 0; index < count && found.size < signaturesMax; index++) {
      for (const [r, s] of pairsAt(word, index)) if (isScalar(r) && isScalar(s)) found.set(nameOf(r, s), { r, s })
    }
  }
  return [...found.values()].slice(0, signaturesMax)
}

type Pair = readonly [r: string, s: string]

function pairsAt(word: (index: number) => string, index: number): Pair[] {
  const here = word(index)
  const next: Pair = [word(index + 1), word(index + 2)]
  if (here === v27 || here === v28) return [next, [word(index - 2), word(index - 1)]]
  if (here === length65) return /^(1b|1c|00|01)0*$/.test(word(index + 3)) ? [next] : []
  if (here !== length64 || next[1] === '') return []
  const top = Number.parseInt(next[1][0]!, 16) & 7
  return [[next[0], top.toString(16) + next[1].slice(1)]]
}

const isScalar = (word: string): boolean => word !== '' && !word.startsWith(smallStart) && word < order

function nameOf(r: string, s: string): string {
  const low = s > half ? (BigInt(`0x${order}`) - BigInt(`0x${s}`)).toString(16).padStart(64, '0') : s
  return r.slice(0, 16) + low.slice(-16)
}
