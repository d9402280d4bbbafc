import { type CompiledEvent, compileEvent } from '../evm/abi/compileEvent.ts'
import { type CompiledFunction, compileFunction } from '../evm/abi/compileFunction.ts'
import type { Contract } from '../model/contract.ts'
import type { TraceScope } from '../model/detector.ts'
import { itemsNamed, typesOf, unknownItem } from './contractAbi.ts'
import { compileNode, type Environment, type Expression } from './expression.ts'
import { parseExpression } from './parse.ts'
import { parseRule } from './parseRule.ts'
import { RuleError } from './ruleError.ts'
import { type ScopeKind, scopeOf } from './scope.ts'
import type { TriggerNode } from './syntax.ts'
import { type Field, fieldsOf } from './type.ts'

/** What in a block a rule looks at. */
export type Trigger =
  | { kind: 'event'; event: CompiledEvent }
  /** `reverted`: calls that failed, instead of those that took effect. */
  | { kind: 'call'; call: CompiledFunction; reverted: boolean }
  /** Every log of the contract, also one that its ABI does not know. */
  | { kind: 'log' }
  | { kind: 'transfer' }
  | { kind: 'transaction' }

export type Rule = {
  target: Contract
  trigger: Trigger
  /** Of the trigger; its values stand in `Frame.args`. */
  parameters: readonly Field[]
  /** Of which transactions the calls inside count as well; undefined: only what is sent to the contract itself. */
  internal: TraceScope | undefined
  /** Null: every occurrence counts. */
  condition: Expression<boolean> | null
}

/** What the words of a rule mean, and how far it looks into transactions. */
export type RuleEnvironment = Environment & { internal?: TraceScope | undefined }

/**
 * Compiles a rule such as `event Withdraw if assets > 1_000_000e6 and receiver != $treasury` for one contract.
 *
 * @throws {RuleError} With every problem that was found.
 */
export function compileRule(source: string, environment: RuleEnvironment): Rule {
  const { trigger: node, condition } = parseRule(source)
  const { internal } = environment
  if (internal !== undefined && node.kind !== 'call' && node.kind !== 'transfer') throw needless(source, node)
  const { trigger, parameters, scope } = compileTrigger(source, node, environment.target)
  return {
    target: environment.target,
    trigger,
    parameters,
    internal,
    condition:
      condition && compileNode<boolean>(source, condition, environment, scopeOf(scope, parameters), { kind: 'bool' }),
  }
}

/**
 * Compiles an expression about a block and the state after it, such as `totalAssets() >= totalSupply()`.
 *
 * @throws {RuleError} With every problem that was found.
 */
export function compileExpression(source: string, environment: Environment, expected: 'bool'): Expression<boolean>
export function compileExpression(source: string, environment: Environment, expected: 'integer'): Expression<bigint>
export function compileExpression(
  source: string,
  environment: Environment,
  expected: 'bool' | 'integer',
): Expression<boolean> | Expression<bigint> {
  const node = parseExpression(source)
  const scope = scopeOf('block')
  return expected === 'bool'
    ? compileNode<boolean>(source, node, environment, scope, { kind: 'bool' })
    : compileNode<bigint>(source, node, environment, scope, { kind: 'integer' })
}

/** Said, so that nobody pays for traces that change nothing. */
function needless(source: string, { kind }: TriggerNode): RuleError {
  const message = `\`internal\` means nothing for \`${kind}\`.`
  const hint = 'Leave it out: it is for `call` and `transfer`, and events are seen wherever they come from.'
  return new RuleError(source, [{ offset: source.indexOf(kind), length: kind.length, message, hint }])
}

type CompiledTrigger = { trigger: Trigger; parameters: readonly Field[]; scope: ScopeKind }

function compileTrigger(source: string, node: TriggerNode, target: Contract): CompiledTrigger {
  switch (node.kind) {
    case 'event': {
      const event = compileEvent(findItem(source, node, target, 'event'))
      if (event.anonymous) {
        const message = `\`${event.name}\` is anonymous: its logs do not say that they are its own.`
        throw new RuleError(source, [{ offset: node.offset, length: node.length, message }])
      }
      return { trigger: { kind: 'event', event }, parameters: fieldsOf(event.parameters), scope: 'event' }
    }
    case 'call': {
      const call = compileFunction(findItem(source, node, target, 'function'))
      const { reverted } = node
      return { trigger: { kind: 'call', call, reverted }, parameters: fieldsOf(call.inputs), scope: 'transaction' }
    }
    case 'log':
      return { trigger: { kind: 'log' }, parameters: [], scope: 'event' }
    case 'transfer':
      return { trigger: { kind: 'transfer' }, parameters: transferred, scope: 'transaction' }
    case 'transaction':
      return { trigger: { kind: 'transaction' }, parameters: [], scope: 'transaction' }
  }
}

const transferred: readonly Field[] = [
  { name: 'from', type: { kind: 'address' } },
  { name: 'to', type: { kind: 'address' } },
  { name: 'value', type: { kind: 'integer' } },
]

type NamedTrigger = Extract<TriggerNode, { name: string }>

function findItem<K extends 'event' | 'function'>(source: string, node: NamedTrigger, target: Contract, kind: K) {
  const { offset, length, name, types } = node
  const fail = (message: string, hint: string) => new RuleError(source, [{ offset, length, message, hint }])
  const named = itemsNamed(target, kind, name)
  if (named.length === 0) {
    const { message, hint } = unknownItem(target, kind, name)
    throw fail(message, hint)
  }
  const fitting = types === null ? named : named.filter((item) => typesOf(item) === types)
  if (fitting.length === 1) return fitting[0]!
  const choices = named.map((item) => `\`${node.kind} ${name}(${typesOf(item)})\``).join(', ')
  if (fitting.length === 0) throw fail(`No ${kind} \`${name}\` has these types.`, `There is ${choices}.`)
  throw fail(`There is more than one ${kind} \`${name}\`.`, `Write one of ${choices}.`)
}
