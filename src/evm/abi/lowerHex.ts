import { UndecodableError } from './undecodableError.ts'

/**
 * Lower-case hex of whole bytes; at no cost to speak of where it is that already.
 *
 * @throws {UndecodableError} It is something else.
 */
export function lowerHex(data: string): string {
  if (data.length % 2 === 0) {
    if (/^0x[0-9a-f]*$/.test(data)) return data
    if (/^0x[0-9a-f]*$/i.test(data)) return data.toLowerCase()
  }
  throw new UndecodableError('The data is not a whole number of bytes as hex.')
}
