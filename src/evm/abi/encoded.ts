import { UndecodableError } from './undecodableError.ts'

/**
 * ABI-encoded data to be read: as bytes for numbers, and as lower-case digits behind `0x` for what stays hex.
 * `budget`: how many words may still be read; without it, offsets that share data would multiply a small input.
 * `before`: how many bytes stand ahead of what people would call the data.
 */
export type Encoded = { hex: string; bytes: Buffer; view: DataView; size: number; budget: number; before: number }

type Room = Pick<Encoded, 'bytes' | 'view'>

const commonSize = 16 * 1024
const common = roomFor(commonSize)

/**
 * Opens data for reading. It is to be read before the next is opened: all but the largest share one buffer.
 *
 * @throws {UndecodableError} It is not a whole number of bytes as hex.
 */
export function openEncoded(data: string, before = 0): Encoded {
  const hex = data.toLowerCase()
  const size = (hex.length - 2) / 2
  const { bytes, view } = size <= commonSize ? common : roomFor(size)
  // Node writes as many bytes as there are digits in pairs, and stops at what is no digit.
  if (!hex.startsWith('0x') || hex.length % 2 !== 0 || bytes.write(hex.slice(2), 'hex') !== size) {
    throw new UndecodableError('The data is not a whole number of bytes as hex.')
  }
  return { hex, bytes, view, size, budget: (size >> 3) + 64, before }
}

function roomFor(size: number): Room {
  const bytes = Buffer.allocUnsafeSlow(size)
  return { bytes, view: new DataView(bytes.buffer) }
}

/** The digits of so many bytes from byte `at` on, behind `0x`. */
export function hexAt({ hex }: Encoded, at: number, length: number): string {
  const start = 2 + 2 * at
  return `0x${hex.slice(start, start + 2 * length)}`
}
