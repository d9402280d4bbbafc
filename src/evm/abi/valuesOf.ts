import type { Hex } from '../../model/chain.ts'
import type { Value } from './value.ts'

/** What a parameter of an ABI type is decoded to, tuples apart. */
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

type Parameters<Text extends string> = Text extends `(${infer Rest}`
  ? TupleFirst<Closed<Rest>>
  : Text extends `${infer First}, ${infer Rest}`
    ? [TypedBy<First>, ...Parameters<Rest>]
    : Text extends ''
      ? []
      : [TypedBy<Text>]
type TypedBy<Parameter extends string> = ValueOf<Parameter extends `${infer Type} ${string}` ? Type : Parameter>

/** What stands before the bracket that closes the one before the text, and what behind it. */
type Closed<
  Text extends string,
  Inside extends string = '',
  Open extends 0[] = [],
> = Text extends `${infer Before})${infer After}`
  ? [...Open, ...Opened<Before>] extends [0, ...infer Left extends 0[]]
    ? Closed<After, `${Inside}${Before})`, Left>
    : [`${Inside}${Before}`, After]
  : never
type Opened<Text extends string> = Text extends `${string}(${infer Rest}` ? [0, ...Opened<Rest>] : []

type TupleFirst<Split extends [string, string]> = Split[1] extends `[]${infer Rest}`
  ? [Parameters<Split[0]>[], ...After<Rest>]
  : [Parameters<Split[0]>, ...After<Split[1]>]
type After<Text extends string> = Text extends `${string}, ${infer Rest}` ? Parameters<Rest> : []

/**
 * What is decoded by a signature such as `event Approval(address indexed owner, uint256 value)`, in which no indexed
 * parameter is longer than a topic.
 */
export type ValuesOf<Signature extends string> = Signature extends `${string}(${infer Text})` ? Parameters<Text> : never
