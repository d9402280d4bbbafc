import { nearest } from '../../rules/nearest.ts'
import { compareTo } from './compareTo.ts'
import { integerOf, partOf as namePart, quote } from './equalTo.ts'
import { dead, NotCarried } from './notCarried.ts'
import { type Condition, parseCondition } from './parseCondition.ts'
import type { Dialect } from './sourceMonitor.ts'
import { unknownFees, type Variable, type Variables } from './variables.ts'

/** A condition in our rules. `deadBecause`: why it failed each time where it comes from. */
export type Translation = { text: string; deadBecause: string[] }

type Context = { variables: Variables; dialect: Dialect; deadBecause: Set<string> }

/** @throws {NotCarried} It cannot be said. */
export function translateCondition(source: string, variables: Variables, dialect: Dialect): Translation {
  const context: Context = { variables, dialect, deadBecause: new Set() }
  const text = truth(parseCondition(source, dialect), context)
  // Defender knew all types, and judged what OpenZeppelin Monitor cannot.
  return { text, deadBecause: dialect === 'oz' ? [...context.deadBecause] : [] }
}

/** What is true or false. */
function truth(condition: Condition, context: Context): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `${within(condition.kind, condition.left, context)} ${condition.kind} ${within(condition.kind, condition.right, context)}`
    case 'not':
      return `not (${truth(condition.of, context)})`
    case 'compare':
      return comparison(condition, context)
    case 'path': {
      const variable = variableOf(condition, context)
      if (variable.type.kind === 'bool') return variable.text
      throw dead(`\`${condition.name}\` stands alone and is not true or false.`)
    }
    default:
      throw dead('A value stands where something true or false is expected.')
  }
}

/** In brackets where `and` and `or` meet, although only one way is meant without them. */
function within(outer: 'and' | 'or', condition: Condition, context: Context): string {
  const text = truth(condition, context)
  const isOther = (condition.kind === 'and' || condition.kind === 'or') && condition.kind !== outer
  return isOther ? `(${text})` : text
}

const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

function comparison({ operator, left, right }: Extract<Condition, { kind: 'compare' }>, context: Context): string {
  if (left.kind === 'literal' && right.kind === 'path' && operator in mirrored) {
    const other = mirrored[operator as keyof typeof mirrored]
    return comparison({ kind: 'compare', operator: other, left: right, right: left }, context)
  }
  if (left.kind === 'path' && right.kind === 'literal') {
    return compareTo(variableOf(left, context), operator, right, (reason) => context.deadBecause.add(reason))
  }
  if (left.kind === 'path' && right.kind === 'path') {
    const [a, b] = [variableOf(left, context), variableOf(right, context)]
    if (a.type.kind === b.type.kind && operator in mirrored) {
      return a.type.kind === 'string'
        ? `lower(${a.text}) ${operator} lower(${b.text})`
        : `${a.text} ${operator} ${b.text}`
    }
  }
  if (operator in mirrored) return `${integer(left, context)} ${operator} ${integer(right, context)}`
  throw new NotCarried(`\`${operator}\` needs a text that is written out on its right.`)
}

const powerMax = 1024n

function integer(condition: Condition, context: Context): string {
  if (condition.kind === 'literal') {
    const text = integerOf(condition.text)
    if (text !== null) return text
  } else if (condition.kind === 'path') {
    const variable = variableOf(condition, context)
    if (variable.type.kind === 'integer') return variable.text
  } else if (condition.kind === 'arithmetic') {
    const [left, right] = [integer(condition.left, context), integer(condition.right, context)]
    if (condition.operator !== '^') return `(${left} ${condition.operator} ${right})`
    if (/^\d{1,80}$/.test(left) && /^\d{1,4}$/.test(right) && BigInt(right) <= powerMax) {
      return String(BigInt(left) ** BigInt(right))
    }
    throw new NotCarried('Our rules have no power `^` of what is not written out.')
  }
  throw dead(`${shown(condition)} is no integer.`)
}

function shown(condition: Condition): string {
  if (condition.kind === 'literal') return quote(condition.text.slice(0, 60))
  return condition.kind === 'path' ? `\`${condition.name}\`` : 'A part of the condition'
}

/** OpenZeppelin Monitor compares these types; a condition on any other fails each time. */
const comparable =
  /^$|^(u?int(8|16|32|64|128|256)|address|bool|string|bytes|bytes32|tuple)$|^(u?int(8|16|32|64|128|256)|address|bool|string|bytes|bytes32|tuple)\[\]$/

function variableOf({ name, steps }: Extract<Condition, { kind: 'path' }>, context: Context): Variable {
  const base = context.variables.get(name)
  if (!base) throw unknownName(name, context)
  if (base.hidden) throw new NotCarried(`A parameter is called \`args\`, which hides the way to \`${name}\`.`)
  if (!comparable.test(base.abiType)) {
    context.deadBecause.add(
      `\`${name}\` is of type ${base.abiType.slice(0, 40)}, which OpenZeppelin Monitor cannot compare`,
    )
  }
  return steps.reduce<Variable>((variable, step) => partOf(variable, step, context), base)
}

function partOf({ text, type }: Variable, step: string | number, { deadBecause }: Context): Variable {
  if (type.kind === 'array' && typeof step === 'number') return { text: `${text}[${step}]`, type: type.of, abiType: '' }
  if (type.kind !== 'tuple') throw dead(`There is no \`${step}\` in \`${text}\`.`)
  deadBecause.add(`OpenZeppelin Monitor cannot look into a tuple such as \`${text.split(/[.[]/)[0]}\``)
  const index = typeof step === 'number' ? step : type.fields.findIndex(({ name }) => name === step)
  const field = type.fields[index]
  if (field) return { text: namePart(text, type.fields, index), type: field.type, abiType: '' }
  const guess = nearest(
    String(step),
    type.fields.map(({ name }) => name),
  )
  throw dead(`There is no \`${step}\` in \`${text}\`.`, guess && `Did you mean \`${guess}\`?`)
}

function unknownName(name: string, { variables, dialect }: Context): NotCarried {
  if (unknownFees.has(name))
    return new NotCarried(`Our rules do not know \`${name}\`; \`tx.gasPrice\` is what was paid.`)
  const known = [...variables.keys()]
  const guess = nearest(name, known)
  const hint = guess
    ? `Did you mean \`${guess}\`?`
    : known.length > 0
      ? `There is ${known.slice(0, 12).join(', ')}.`
      : ''
  const isPlace = dialect === 'oz' && /^\d+$/.test(name)
  return dead(`There is no parameter \`${name}\`.`, isPlace ? 'Parameters of EVM chains go by name.' : hint)
}
