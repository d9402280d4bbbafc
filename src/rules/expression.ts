import type { Value } from '../evm/abi/value.ts'
import type { Contract } from '../model/contract.ts'
import { type Read, readKey } from '../model/read.ts'
import { check } from './check.ts'
import type { Checker, Typed } from './checker.ts'
import { type Frame, type State, Undecidable } from './frame.ts'
import { RuleError } from './ruleError.ts'
import { settle } from './settle.ts'
import type { Node } from './syntax.ts'
import type { Member, Type } from './type.ts'

/** What a rule may speak of. */
export type Environment = {
  /** The contract that it is compiled for; bare functions are its own. */
  target: Contract
  /** Contracts of its chain by name, for `$name`. */
  names: ReadonlyMap<string, Contract>
}

/** An expression, ready to be evaluated. Nothing here throws, whatever the chain holds. */
export type Expression<T> = {
  readsState: boolean
  /** What must be read before it can be decided; nothing where it can be decided without, or never. */
  reads(frame: Frame): Read[]
  evaluate(frame: Frame, state?: State): T | Undecidable
  /** Values that it compared or read, by the text that they stand for; what has no value is left out. */
  measure(frame: Frame, state?: State): { text: string; value: Value; type: Type }[]
  /** Sentences on where it will have no answer, for whoever checks the config. */
  notes: readonly string[]
}

const unread: State = () => null
const measuredMax = 16

/** @throws {RuleError} With every problem that was found. */
export function compileNode<T extends bigint | boolean>(
  source: string,
  node: Node,
  { target, names }: Environment,
  scope: ReadonlyMap<string, Member>,
  wanted: Type,
): Expression<T> {
  const found = { problems: [], measured: [], notes: [] }
  const checker: Checker = { source, target, contracts: names, scope, at: 'block', ...found }
  const typed = settle(checker, check(checker, node), wanted)
  if (checker.problems.length > 0) throw new RuleError(source, checker.problems)
  const { readsState } = typed
  const measured = measuredOf(source, checker.measured)

  return {
    readsState,
    notes: [...new Set(checker.notes)],
    reads: (frame) => [...missing(typed, frame).values()],
    evaluate: (frame, state = unread) => typed.evaluate(frame, asked(typed, frame, state)) as T | Undecidable,
    measure(frame, state = unread) {
      const known = asked(typed, frame, state)
      return measured.flatMap(({ text, type, evaluate }) => {
        const value = evaluate(frame, known)
        return value instanceof Undecidable ? [] : [{ text, value, type }]
      })
    },
  }
}

/** Evaluates without any state: what is then asked for is what is missing, unless the answer is clear already. */
function missing(typed: Typed, frame: Frame): Map<string, Read> {
  const wanted = new Map<string, Read>()
  if (!typed.readsState) return wanted
  const answer = typed.evaluate(frame, (read) => {
    wanted.set(readKey(read), read)
    return null
  })
  return answer instanceof Undecidable ? wanted : new Map()
}

/** The state as far as `reads` names it: nobody has been asked for anything else. */
function asked(typed: Typed, frame: Frame, state: State): State {
  if (!typed.readsState) return unread
  const wanted = missing(typed, frame)
  return (read) => (wanted.has(readKey(read)) ? state(read) : null)
}

function measuredOf(source: string, measured: readonly Typed[]): (Typed & { text: string })[] {
  const byText = new Map<string, Typed & { text: string }>()
  for (const typed of measured) {
    if (typed.constant !== undefined || byText.size >= measuredMax) continue
    const text = source.slice(typed.offset, typed.offset + typed.length).replace(/\s+/g, ' ')
    byText.set(text, { ...typed, text })
  }
  return [...byText.values()]
}
