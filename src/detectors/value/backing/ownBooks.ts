import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { compileExpression } from '../../../rules/compileRule.ts'
import type { Expression } from '../../../rules/expression.ts'
import { Undecidable } from '../../../rules/frame.ts'
import type { At, Book } from './book.ts'
import type { BackingOptions } from './options.ts'

/** The books that the config writes for one target. */
export type OwnBooks = {
  reads(observation: Omit<Observation, 'state'>, at: At): Read[]
  books(observation: Observation, at: At, blind: Set<string>): Book[]
}

/** @throws {RuleError} An expression does not fit the target. */
export function compileOwnBooks(
  { books }: Pick<BackingOptions, 'books'>,
  { target, names }: { target: Contract; names: ReadonlyMap<string, Contract> },
): OwnBooks {
  const compile = (text: string): Record<At, Expression<bigint>> => ({
    block: compileExpression(text, { target, names }, 'integer'),
    parent: compileExpression(`before(${text})`, { target, names }, 'integer'),
  })
  const own = Object.entries(books).map(([name, { claims, backing }]) => ({
    name,
    claims: compile(claims),
    backing: compile(backing),
  }))
  return {
    reads: (observation, at) =>
      own.flatMap(({ claims, backing }) => [claims, backing].flatMap((side) => side[at].reads(frameOf(observation)))),
    books: (observation, at, blind) =>
      own.flatMap(({ name, claims, backing }): Book[] => {
        const frame = frameOf(observation)
        const sides = [claims, backing].map((side) => side[at].evaluate(frame, observation.state))
        const unclear = sides.find((side) => side instanceof Undecidable)
        if (unclear instanceof Undecidable) blind.add(`${target.name}, ${name}: ${unclear.reason}`)
        const [owed, there] = sides
        if (typeof owed !== 'bigint' || typeof there !== 'bigint' || owed < 0n || there < 0n) return []
        return [{ name, claims: owed, backing: there, cover: true, held: [] }]
      }),
  }
}

const frameOf = ({ block }: Pick<Observation, 'block'>) => ({
  args: [],
  block,
  log: null,
  transaction: null,
  receipt: null,
})
