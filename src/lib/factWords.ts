import type { Json } from '../model/finding.ts'

/** In which token amounts are shown. */
export type Token = { decimals: number; symbol: string }

type Facts = { [name: string]: Json }

/** The token of which facts speak: every integer that stands as text among facts with `decimals` is an amount of it. */
export function tokenOf({ decimals, symbol }: Facts): Token | undefined {
  if (typeof decimals !== 'number' || !(decimals >= 0 && decimals <= 36)) return undefined
  return { decimals, symbol: typeof symbol === 'string' ? symbol : '' }
}

/** Facts that are there for machines, and that people read in others. */
export function isSaidElsewhere(name: string, facts: Facts): boolean {
  if (tokenOf(facts) === undefined) return false
  return name === 'decimals' || name === 'symbol' || (name.endsWith('Shown') && name.slice(0, -5) in facts)
}

/** `valueMoved` and `value_moved` become `value moved`; what is no such name stays as it is. */
export function labelWords(name: string): string {
  if (!/^[a-z][A-Za-z0-9_]*$/.test(name)) return name
  const spaced = name.replace(/_/g, ' ')
  return spaced.replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
}

/** A time in seconds, by the name of its fact, such as `executableFrom`: as a date. Undefined: it is none. */
export function timeWords(name: string, value: Json): string | undefined {
  const isTime = /(^at|At|From|Until)$/.test(name) && /^[1-3]\d{9}$/.test(String(value))
  return isTime ? `${new Date(Number(value) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC` : undefined
}

/** `1234567.891` as `1,234,567.891`. */
export function groupDigits(number: string): string {
  const [whole = '', ...fraction] = number.split('.')
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}

/** `1234567` in a token with six decimals as `1.234567`. */
export function unitsWords(units: string, decimals: number): string {
  const digits = units.padStart(decimals + 1, '0')
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - decimals)
  return decimals > 0 && fraction ? `${whole}.${fraction}` : whole
}
