import type { Contract } from '../model/contract.ts'
import type { Read } from '../model/read.ts'
import { type Answer, type Evaluate, Undecidable } from './frame.ts'
import type { Problem, Span } from './ruleError.ts'
import type { Member, Type } from './type.ts'

/** An expression whose type is known, ready to be evaluated. */
export type Typed = Span & {
  type: Type
  evaluate: Evaluate
  /** Its value, where it does not depend on what happens. */
  constant?: Answer
  /** Whether it needs state that must be read first. */
  readsState: boolean
}

/** What is at hand while one rule is checked. */
export type Checker = {
  source: string
  /** The contract that the rule is compiled for. */
  target: Contract
  /** Contracts by name, for `$name`. */
  contracts: ReadonlyMap<string, Contract>
  /** Bare names. */
  scope: ReadonlyMap<string, Member>
  problems: Problem[]
  /** Which state is read: after the block, or inside `before(…)` after its parent. */
  at: Read['at']
  /** Values worth showing when the rule speaks: what is compared, and what is read from the state. */
  measured: Typed[]
  /** Sentences on what is read and not every implementation of a proxy has. */
  notes: string[]
}

export function report(checker: Checker, { offset, length }: Span, message: string, hint?: string): void {
  checker.problems.push({ offset, length, message, ...(hint === undefined ? {} : { hint }) })
}

/** Stands for an expression of which a problem was reported. */
export function wrong({ offset, length }: Span): Typed {
  return { offset, length, type: { kind: 'wrong' }, evaluate: () => unsound, readsState: false }
}

const unsound = new Undecidable('the rule is wrong')

export function reportWrong(checker: Checker, span: Span, message: string, hint?: string): Typed {
  report(checker, span, message, hint)
  return wrong(span)
}

export function isWrong(...parts: readonly Typed[]): boolean {
  return parts.some(({ type }) => type.kind === 'wrong')
}

export function constantOf({ offset, length }: Span, type: Type, value: Answer): Typed {
  return { offset, length, type, evaluate: () => value, constant: value, readsState: false }
}

/** What follows from constants alone is worked out at once; what then has no answer never has one. */
export function combine(
  checker: Checker,
  { offset, length }: Span,
  type: Type,
  parts: readonly Typed[],
  evaluate: Evaluate,
): Typed {
  if (isWrong(...parts)) return wrong({ offset, length })
  const readsState = parts.some((part) => part.readsState)
  if (parts.some(({ constant }) => constant === undefined)) return { offset, length, type, evaluate, readsState }
  const value = evaluate(noFrame, () => null)
  if (value instanceof Undecidable)
    return reportWrong(checker, { offset, length }, `This never has a value: ${value.reason}.`)
  return constantOf({ offset, length }, type, value)
}

/** Constants look at nothing. */
const noFrame = {
  args: [],
  block: { number: 0, hash: '0x', parentHash: '0x', timestamp: 0, logsBloom: '0x' },
  log: null,
  transaction: null,
  receipt: null,
} as const
