const scales = [
  { from: 999_500_000, per: 1e9, letter: ' B' },
  { from: 999_500, per: 1e6, letter: ' M' },
  { from: 999.5, per: 1e3, letter: ' k' },
] as const

/** As people read it: `≈ $1.2 M`, `≈ $350 k`, `≈ $12`. */
export function showDollars(dollars: number): string {
  const scale = scales.find(({ from }) => Math.abs(dollars) >= from)
  const number = scale ? dollars / scale.per : dollars
  return `≈ $${Number(number.toPrecision(3)).toLocaleString('en')}${scale?.letter ?? ''}`
}
