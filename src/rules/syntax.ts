import type { Span } from './ruleError.ts'

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>='
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export type TextOperator = 'matches' | 'contains' | 'startsWith' | 'endsWith'
export type BinaryOperator = 'and' | 'or' | 'in' | 'not in' | ComparisonOperator | ArithmeticOperator | TextOperator

/** An expression as it was written. */
export type Node = Span &
  (
    | { kind: 'integer'; value: bigint }
    /** Without `0x`, in the case it was written in. */
    | { kind: 'hex'; digits: string }
    | { kind: 'string'; value: string }
    | { kind: 'bool'; value: boolean }
    | { kind: 'name'; name: string }
    /** `$name`, without the `$`. */
    | { kind: 'contract'; name: string }
    | { kind: 'list'; items: readonly Node[] }
    | { kind: 'field'; of: Node; name: string; at: Span }
    | { kind: 'index'; of: Node; index: Node }
    | { kind: 'call'; callee: Node; args: readonly Node[] }
    | { kind: 'unary'; operator: 'not' | '-'; of: Node }
    | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
  )

/** `types`: such as `address,(uint256,bool)[]`; null where none were written. */
export type TriggerNode = Span &
  (
    | { kind: 'event' | 'call'; name: string; types: string | null; reverted: boolean }
    | { kind: 'log' | 'transfer' | 'transaction' }
  )

export type RuleNode = { trigger: TriggerNode; condition: Node | null }
