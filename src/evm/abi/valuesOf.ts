import type { Hex } from '../../model/chain.ts'
import type { Value } from './value.ts'

/** What a parameter of an ABI type is decoded to; a tuple has no type of its own here. */
type ValueOf<Type extends string> = Type extends `${infer Item}[]`
  ? ValueOf<Item>[]
  : Type extends 'address' | `bytes${string}`
    ? Hex
    : Type extends `uint${string}` | `int${string}`
      ? bigint
      : Type extends 'bool'
        ? boolean
        : Type extends 'string'
          ? string
          : Value

type Parameters<Text extends string> = Text extends `${infer First}, ${infer Rest}`
  ? [TypedBy<First>, ...Parameters<Rest>]
  : Text extends ''
    ? []
    : [TypedBy<Text>]
type TypedBy<Parameter extends string> = ValueOf<Parameter extends `${infer Type} ${string}` ? Type : Parameter>

/**
 * What is decoded by a signature such as `event Approval(address indexed owner, uint256 value)`, without tuples, in which
 * no indexed parameter is longer than a topic.
 */
export type ValuesOf<Signature extends string> = Signature extends `${string}(${infer Text})` ? Parameters<Text> : never
