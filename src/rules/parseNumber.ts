import { limits } from './limits.ts'

/** Units as in Solidity, which count in wei and in seconds. */
const units = new Map([
  ['wei', 1n],
  ['gwei', 10n ** 9n],
  ['ether', 10n ** 18n],
  ['seconds', 1n],
  ['minutes', 60n],
  ['hours', 3_600n],
  ['days', 86_400n],
  ['weeks', 604_800n],
])

export function isUnit(word: string): boolean {
  return units.has(word)
}

/** The integer that `1_000e6`, `1.5e18` or `1.5 ether` stands for; a sentence where it is none. */
export function parseNumber(text: string, unit?: string): bigint | string {
  const [, whole = '', fraction = '', exponent = '0'] = /^([\d_]+)(?:\.([\d_]+))?(?:[eE](\d+))?$/.exec(text) ?? []
  const digits = (whole + fraction).replaceAll('_', '')
  const tooLarge = `\`${text}\` has more than ${limits.bits} bits.`
  if (digits.length > limits.bits || exponent.length > 4 || Number(exponent) > limits.bits) return tooLarge
  const scaled = BigInt(digits) * 10n ** BigInt(exponent) * (unit === undefined ? 1n : units.get(unit)!)
  const divisor = 10n ** BigInt(fraction.replaceAll('_', '').length)
  if (scaled % divisor !== 0n) return `\`${text}${unit ? ` ${unit}` : ''}\` is not a whole number.`
  const value = scaled / divisor
  return value.toString(16).length * 4 > limits.bits ? tooLarge : value
}
