import type { Value } from '../evm/abi/value.ts'
import type { Contract } from '../model/contract.ts'
import { type Checker, combine, constantOf, isWrong, reportWrong, type Typed, wrong } from './checker.ts'
import { builtinFunctions, takes } from './checkFunction.ts'
import { checkMembership } from './checkMembership.ts'
import { checkArithmetic, checkComparison, checkLogic, checkMinus, checkNot } from './checkOperator.ts'
import { checkBalance, checkView } from './checkState.ts'
import { checkText } from './checkText.ts'
import { lift, Undecidable } from './frame.ts'
import { nearest } from './nearest.ts'
import type { Span } from './ruleError.ts'
import { settle, settleAlone } from './settle.ts'
import type { Node } from './syntax.ts'
import { describeType } from './type.ts'

/** Finds out the type of an expression and makes it ready to be evaluated. Problems go to the checker. */
export function check(checker: Checker, node: Node): Typed {
  switch (node.kind) {
    case 'integer':
      return constantOf(node, { kind: 'integer' }, node.value)
    case 'string':
      return constantOf(node, { kind: 'string' }, node.value)
    case 'bool':
      return constantOf(node, { kind: 'bool' }, node.value)
    case 'hex':
      return constantOf(node, { kind: 'hex', digits: node.digits }, `0x${node.digits}`)
    case 'list':
      return reportWrong(checker, node, 'A list can only stand behind `in`.')
    case 'name':
      return checkName(checker, node)
    case 'contract':
      return checkContract(checker, node)
    case 'field':
      return checkField(checker, node)
    case 'index':
      return checkIndex(checker, node)
    case 'call':
      return checkCall(checker, node)
    case 'unary': {
      const of = check(checker, node.of)
      return node.operator === 'not' ? checkNot(checker, node, of) : checkMinus(checker, node, of)
    }
    case 'binary':
      return checkBinary(checker, node)
  }
}

type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>

function checkBinary(checker: Checker, node: NodeOf<'binary'>): Typed {
  const { operator } = node
  const left = check(checker, node.left)
  if (operator === 'in' || operator === 'not in') {
    const right =
      node.right.kind === 'list' ? node.right.items.map((item) => check(checker, item)) : check(checker, node.right)
    return checkMembership(checker, node, operator === 'not in', left, right)
  }
  const right = check(checker, node.right)
  switch (operator) {
    case 'and':
    case 'or':
      return checkLogic(checker, node, operator, left, right)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return checkArithmetic(checker, node, operator, left, right)
    case 'matches':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return checkText(checker, node, operator, left, right)
    default:
      return checkComparison(checker, node, operator, left, right)
  }
}

function checkName(checker: Checker, node: NodeOf<'name'>): Typed {
  const { name, offset, length } = node
  if (name === 'this') {
    const { target } = checker
    return constantOf(node, { kind: 'address', contract: target }, target.address)
  }
  const member = checker.scope.get(name)
  if (member) return { offset, length, ...member, readsState: false }
  if (checker.contracts.has(name))
    return reportWrong(checker, node, `\`${name}\` is not known.`, `Did you mean \`$${name}\`?`)
  const guess = nearest(name, checker.scope.keys())
  const names = [...checker.scope.keys()].slice(0, 20).join(', ')
  const hint = guess ? `Did you mean \`${guess}\`?` : `Known here: ${names}. A function is called with brackets.`
  return reportWrong(checker, node, `\`${name}\` is not known.`, hint)
}

function checkContract(checker: Checker, node: NodeOf<'contract'>): Typed {
  const contract = checker.contracts.get(node.name)
  if (contract) return constantOf(node, { kind: 'address', contract }, contract.address)
  const guess = nearest(node.name, checker.contracts.keys())
  const known = [...checker.contracts.keys()].slice(0, 20).map((name) => `$${name}`)
  const hint = guess ? `Did you mean \`$${guess}\`?` : `The contracts of this chain are ${known.join(', ')}.`
  return reportWrong(checker, node, `The config names no contract \`${node.name}\` on this chain.`, hint)
}

function checkField(checker: Checker, node: NodeOf<'field'>): Typed {
  const of = settleAlone(checker, check(checker, node.of))
  const { name, at } = node
  const { type } = of
  if (type.kind === 'wrong') return wrong(node)
  if (type.kind === 'address' && name === 'balance') return checkBalance(checker, node, of)
  if (type.kind === 'object') {
    const member = type.members.get(name)
    if (member) return { offset: node.offset, length: node.length, ...member, readsState: false }
    return unknownField(checker, at, name, type.members.keys())
  }
  if (type.kind === 'tuple') {
    const index = type.fields.findIndex((field) => field.name === name)
    if (index >= 0) {
      const evaluate = lift([of.evaluate], (value) => (value as Value[])[index]!)
      return combine(checker, node, type.fields[index]!.type, [of], evaluate)
    }
    return unknownField(
      checker,
      at,
      name,
      type.fields.map((field) => field.name),
    )
  }
  const hint =
    type.kind === 'address' && type.contract ? `A function is called with brackets: \`${name}()\`.` : undefined
  return reportWrong(checker, at, `There is no \`${name}\` in ${describeType(type)}.`, hint)
}

function unknownField(checker: Checker, at: Span, name: string, names: Iterable<string>): Typed {
  const known = [...names].filter((field) => field !== '')
  const guess = nearest(name, known)
  const all = known.length > 0 ? `There is ${known.join(', ')}.` : 'Its parts have no names: write `[0]`.'
  return reportWrong(checker, at, `There is no \`${name}\` here.`, guess ? `Did you mean \`${guess}\`?` : all)
}

function checkIndex(checker: Checker, node: NodeOf<'index'>): Typed {
  const of = check(checker, node.of)
  const index = settle(checker, check(checker, node.index), { kind: 'integer' })
  if (isWrong(of, index)) return wrong(node)
  if (of.type.kind === 'tuple') {
    if (typeof index.constant !== 'bigint')
      return reportWrong(checker, index, 'The place in a tuple must be written out.')
    const place = Number(index.constant)
    const field = of.type.fields[place]
    if (!field) return reportWrong(checker, index, `This has ${of.type.fields.length} parts; the first is [0].`)
    return combine(
      checker,
      node,
      field.type,
      [of],
      lift([of.evaluate], (value) => (value as Value[])[place]!),
    )
  }
  if (of.type.kind !== 'array') return reportWrong(checker, of, `There is no [ ] in ${describeType(of.type)}.`)
  const evaluate = lift([of.evaluate, index.evaluate], (list, place) => {
    const items = list as Value[]
    return items[Number(place)] ?? new Undecidable(`there is no [${place}] in a list of ${items.length}`)
  })
  return combine(checker, node, of.type.of, [of, index], evaluate)
}

function checkCall(checker: Checker, node: NodeOf<'call'>): Typed {
  const { callee } = node
  if (callee.kind === 'name' && callee.name === 'before') return checkBefore(checker, node)
  const args = node.args.map((arg) => check(checker, arg))
  if (callee.kind === 'name') {
    const builtin = builtinFunctions.get(callee.name)
    if (builtin) return builtin(checker, node, args)
    return checkView(checker, node, checker.target, { name: callee.name, at: callee }, args)
  }
  if (callee.kind !== 'field') return reportWrong(checker, callee, 'Only functions can be called.')
  const of = check(checker, callee.of)
  if (isWrong(of)) return wrong(node)
  const contract: Contract | undefined = of.type.kind === 'address' ? of.type.contract : undefined
  if (contract) return checkView(checker, node, contract, { name: callee.name, at: callee.at }, args)
  return reportWrong(
    checker,
    callee.of,
    'Only functions of contracts that the config names can be called.',
    'Write `$name.view()`.',
  )
}

/** State inside it is read as it was before the block. */
function checkBefore(checker: Checker, node: NodeOf<'call'>): Typed {
  const args = node.args.map((arg) => check({ ...checker, at: 'parent' }, arg))
  if (!takes(checker, node, args, 1) || !args[0] || isWrong(args[0])) return wrong(node)
  if (!args[0].readsState) return reportWrong(checker, node, 'There is no state inside `before( )`.')
  return { ...args[0], offset: node.offset, length: node.length }
}
