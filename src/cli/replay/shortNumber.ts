/** A number as far as people need it; null is a dash. */
export function shortNumber(value: number | null): string {
  if (value === null) return '–'
  if (value === 0) return '0'
  return Number(value.toPrecision(value < 10 ? 2 : 3)).toLocaleString('en', { maximumFractionDigits: 18 })
}
