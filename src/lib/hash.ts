import { createHash } from 'node:crypto'

/** 128 bits of SHA-256 over the parts, as 32 hex digits. Parts are kept apart: `ab, c` and `a, bc` differ. */
export function hash(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
