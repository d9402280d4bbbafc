/** The next number with two digits that matter that is no less: 24.13 → 25, 1,234,567 → 1,300,000. For what is positive. */
export function roundUp(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  // What has two digits already must stay, whatever the division makes of it.
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(2))
}
