import { hash as digest } from 'node:crypto'

/** 128 bits of SHA-256 over the parts, as 32 hex digits. Parts are kept apart: `ab, c` and `a, bc` differ. */
export function hash(...parts: readonly (string | number)[]): string {
  return digest('sha256', JSON.stringify(parts)).slice(0, 32)
}
