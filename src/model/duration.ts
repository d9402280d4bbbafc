import { z } from 'zod'

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const words = 'must be a number and a unit, such as 30s, 5m, 1h or 90d'

/** A span of time such as `30s`, `5m`, `1h` or `90d`; becomes seconds. */
export function duration() {
  return z
    .string(words)
    .regex(/^[1-9][0-9]{0,5}[smhd]$/, words)
    .transform((text) => Number(text.slice(0, -1)) * seconds[text.at(-1) as keyof typeof seconds])
}
