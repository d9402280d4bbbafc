import { z } from 'zod'

/** A positive amount in units of the token, such as `1000000`, `0.5` or `1_000_000`; kept as text, so that nothing is rounded. */
export const amountOption = z
  .union([z.string(), z.number().positive().max(Number.MAX_SAFE_INTEGER)])
  .transform((value) => String(value).replaceAll('_', ''))
  .refine((text) => /^\d{1,60}(\.\d{1,36})?$/.test(text) && /[1-9]/.test(text), 'write a positive decimal number')

/** A positive whole number of base units. */
export const unitsOption = z
  .union([z.string(), z.int().positive()])
  .transform((value) => String(value).replaceAll('_', ''))
  .refine((text) => /^\d{1,78}$/.test(text) && /[1-9]/.test(text), 'write a positive whole number')

/** Counted in millionths of a percent. */
export const percentOption = z.number().min(0.000_001).max(100)

/** Base units of a decimal amount. What is finer than the token can express is rounded up: it is a limit to be reached. */
export function unitsOf(amount: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.')
  const units = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  return /[1-9]/.test(fraction.slice(decimals)) ? units + 1n : units
}

const millionths = 1_000_000

/** Whether `part` is at least so many percent of `whole`. Exact to a millionth of a percent. */
export function isPercentOf(part: bigint, percent: number, whole: bigint): boolean {
  return part * 100n * BigInt(millionths) >= whole * BigInt(Math.round(percent * millionths))
}

/** How many percent `part` is of `whole`, in millionths that are rounded up, so that no limit above it is reached. */
export function percentIn(part: bigint, whole: bigint): number {
  const scale = 100n * BigInt(millionths)
  return Number((part * scale + whole - 1n) / whole) / millionths
}

/** The smallest part that is so many percent of `whole`. */
export function percentOf(percent: number, whole: bigint): bigint {
  const scale = 100n * BigInt(millionths)
  return (whole * BigInt(Math.round(percent * millionths)) + scale - 1n) / scale
}

/** As people read it: `12.5 %`, cut to a hundredth. More than a thousandfold is not counted out. */
export function showPercent(part: bigint, whole: bigint): string {
  if (whole <= 0n) return 'all'
  const hundredths = (part * 10_000n) / whole
  if (hundredths > 10_000_000n) return 'more than 100,000 %'
  return `${(Number(hundredths) / 100).toLocaleString('en')} %`
}

/** As people read it: `1,200,000`, `1,234.56`, `0.0000123456`: cut behind the point to six digits that matter, never to nothing. */
export function showAmount(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  const kept =
    whole === '0'
      ? /^0*\d{0,6}/.exec(fraction)![0]
      : fraction.slice(0, Math.max(0, 6 - whole.length)).replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return kept ? `${grouped}.${kept}` : grouped
}
