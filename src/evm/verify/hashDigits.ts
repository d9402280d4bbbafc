import { keccak } from '../../lib/keccak.ts'
import { malformed } from '../parseHex.ts'
import type { Digits } from './rlp.ts'

/** Keccak-256. @throws {RpcError} Something among them is no hex digit, or there is an odd number of them. */
export function hashDigits(digits: Digits): Digits {
  const bytes = Buffer.from(digits, 'hex')
  if (bytes.length * 2 === digits.length) return Buffer.from(keccak(bytes)).toString('hex')
  throw malformed('hex', digits.slice(bytes.length * 2))
}
