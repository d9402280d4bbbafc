import type { Value } from '../evm/abi/value.ts'
import { type Checker, combine, reportWrong, type Typed, wrong } from './checker.ts'
import { unify } from './checkOperator.ts'
import { lift } from './frame.ts'
import type { Span } from './ruleError.ts'
import { settleAlone } from './settle.ts'
import { describeType, type Type } from './type.ts'

const bool: Type = { kind: 'bool' }

/** `in` a list that stands in the rule, or in one that came with the trigger or from the state. */
export function checkMembership(
  checker: Checker,
  span: Span,
  negated: boolean,
  left: Typed,
  right: Typed | readonly Typed[],
): Typed {
  const value = settleAlone(checker, left)
  const isScalar = !['tuple', 'array', 'object'].includes(value.type.kind)
  if (!isScalar)
    return reportWrong(checker, left, `This is ${describeType(value.type)}; only single values are looked for.`)
  if ('type' in right) {
    if (right.type.kind === 'wrong') return wrong(span)
    if (right.type.kind !== 'array') return reportWrong(checker, right, 'This is not a list.', 'Such as `[1, 2]`.')
    const [item] = unify(checker, value, { ...right, type: right.type.of, readsState: false }, 'in')
    const evaluate = lift([item.evaluate, right.evaluate], (a, list) => (list as Value[]).includes(a) !== negated)
    return combine(checker, span, bool, [item, right], evaluate)
  }
  if (right.length === 0) return reportWrong(checker, span, 'Nothing is in an empty list.')
  const items = right.map((item) => unify(checker, value, item, 'in')[1])
  checker.measured.push(value)
  const constants = new Set(items.map(({ constant }) => constant))
  const evaluate = constants.has(undefined)
    ? lift(
        [value, ...items].map((part) => part.evaluate),
        (a, ...list) => list.includes(a) !== negated,
      )
    : lift([value.evaluate], (a) => constants.has(a) !== negated)
  return combine(checker, span, bool, [value, ...items], evaluate)
}
