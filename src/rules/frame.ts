import type { Value } from '../evm/abi/value.ts'
import type { BlockHeader, Log, Receipt, Transaction } from '../model/chain.ts'
import type { Read, ReadResult } from '../model/read.ts'

/** What a rule is judged by: one occurrence of its trigger, or a block. */
export type Frame = {
  /** Values of the trigger's parameters. */
  args: readonly Value[]
  block: BlockHeader
  log: Log | null
  transaction: Transaction | null
  receipt: Receipt | null
}

/** Answers reads; null: it has not been read yet. */
export type State = (read: Read) => ReadResult | null

/** There is no answer, and why. It must never pass for `false`. */
export class Undecidable {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

export type Answer = Value | Undecidable
/** Never throws. */
export type Evaluate = (frame: Frame, state: State) => Answer

/** An evaluation that needs values of others, and has none where one of them has none. All of them are asked. */
export function lift(parts: readonly Evaluate[], combine: (...values: Value[]) => Answer): Evaluate {
  const [first, second] = parts
  if (first && parts.length === 1) {
    return (frame, state) => {
      const value = first(frame, state)
      return value instanceof Undecidable ? value : combine(value)
    }
  }
  if (first && second && parts.length === 2) {
    return (frame, state) => {
      const a = first(frame, state)
      const b = second(frame, state)
      if (a instanceof Undecidable) return a
      return b instanceof Undecidable ? b : combine(a, b)
    }
  }
  return (frame, state) => {
    const values: Value[] = []
    let missing: Undecidable | undefined
    for (const part of parts) {
      const value = part(frame, state)
      if (value instanceof Undecidable) missing ??= value
      else values.push(value)
    }
    return missing ?? combine(...values)
  }
}
