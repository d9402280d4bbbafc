import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Address, Hex } from '../../model/chain.ts'

export type MultiSendPart = { operation: number; to: Address; value: bigint; data: Hex }

/** Digits before the data of each part: one byte of operation, 20 of address, 32 of value, 32 of length. */
const head = 2 * (1 + 20 + 32 + 32)

/**
 * The parts of what Safe's MultiSend executes: packed one behind the other, not ABI-encoded.
 *
 * @param max More parts are refused.
 * @throws {UndecodableError} They are cut short, or too many.
 */
export function splitMultiSend(packed: string, max: number): MultiSendPart[] {
  const digits = packed.slice(2)
  const parts: MultiSendPart[] = []
  for (let at = 0; at < digits.length; ) {
    if (parts.length === max) throw new UndecodableError(`The batch has more than ${max} parts.`)
    if (at + head > digits.length) throw new UndecodableError(`Part ${parts.length} of the batch is cut short.`)
    const number = (from: number, to: number) => BigInt(`0x${digits.slice(at + from, at + to)}`)
    const end = BigInt(at + head) + 2n * number(106, head)
    if (end > BigInt(digits.length)) throw new UndecodableError(`The data of part ${parts.length} is cut short.`)
    parts.push({
      operation: Number(number(0, 2)),
      to: `0x${digits.slice(at + 2, at + 42)}`,
      value: number(42, 106),
      data: `0x${digits.slice(at + head, Number(end))}`,
    })
    at = Number(end)
  }
  return parts
}
