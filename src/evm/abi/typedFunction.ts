import type { AbiFunction } from 'viem'
import { parseAbiItem } from 'viem/utils'
import type { Hex } from '../../model/chain.ts'
import { type CompiledFunction, compileFunction } from './compileFunction.ts'
import type { ValuesOf } from './valuesOf.ts'

export type TypedFunction<Signature extends string> = Omit<CompiledFunction, 'decode'> & {
  /** Decodes calldata, selector included. @throws {UndecodableError} */
  decode(input: Hex): ValuesOf<Signature>
}

/** A function that is written out in our own code, so that what its decoder gives has a type. */
export const typedFunction = <const Signature extends string>(signature: Signature): TypedFunction<Signature> =>
  compileFunction(parseAbiItem(signature as string) as AbiFunction) as unknown as TypedFunction<Signature>
