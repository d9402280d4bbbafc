import { z } from 'zod'

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** A span of time such as `30s`, `5m`, `1h` or `90d`; becomes seconds. */
export function duration() {
  return z
    .string()
    .regex(/^[1-9][0-9]{0,5}[smhd]$/, 'write a number and a unit, such as 30s, 5m, 1h or 90d')
    .transform((text) => Number(text.slice(0, -1)) * seconds[text.at(-1) as keyof typeof seconds])
}
