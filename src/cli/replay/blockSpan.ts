import { KnownError } from '../../model/error.ts'

/** From one block to another, both included. */
export type BlockSpan = { from: number; to: number }

export const blocksOf = ({ from, to }: BlockSpan) => to - from + 1

/** @throws {KnownError} These are no block numbers, or the last comes before the first. */
export function blockSpan(from: string, to: string): BlockSpan {
  const span = { from: blockNumber('--from', from), to: blockNumber('--to', to) }
  if (span.to < span.from) throw new KnownError('invalid', `--to ${span.to} comes before --from ${span.from}.`)
  return span
}

/** @throws {KnownError} It is none. */
export function blockNumber(option: string, text: string): number {
  const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw new KnownError('invalid', `${option} ${text} is no block number.`)
}
