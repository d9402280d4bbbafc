import type { AbiFunction, AbiParameter } from 'viem'
import { encodeFunctionData, formatAbiItem, toFunctionSelector } from 'viem/utils'
import type { Hex } from '../../model/chain.ts'
import { KnownError } from '../../model/error.ts'
import { compileDecoder } from './compileDecoder.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'

export type CompiledFunction = {
  name: string
  /** Such as `transfer(address,uint256)`. */
  signature: string
  selector: Hex
  inputs: readonly AbiParameter[]
  outputs: readonly AbiParameter[]
  /** Decodes calldata, selector included. @throws {UndecodableError} */
  decode(input: Hex): Value[]
  /** Decodes what the function returned. @throws {UndecodableError} */
  decodeResult(data: Hex): Value[]
  /** Makes calldata. @throws {KnownError} An argument does not fit its type. */
  encode(args: readonly Value[]): Hex
}

/** @throws {KnownError} A type of the ABI does not exist. */
export function compileFunction(abiFunction: AbiFunction): CompiledFunction {
  const signature = formatAbiItem(abiFunction)
  const selector = toFunctionSelector(abiFunction)
  const decodeInput = compileDecoder(abiFunction.inputs, 4)

  return {
    name: abiFunction.name,
    signature,
    selector,
    inputs: abiFunction.inputs,
    outputs: abiFunction.outputs,
    decode(input) {
      if (input.slice(0, 10).toLowerCase() !== selector) {
        throw new UndecodableError(`The input does not begin with ${selector}, the selector of ${signature}.`)
      }
      return decodeInput(input)
    },
    decodeResult: compileDecoder(abiFunction.outputs),
    encode(args) {
      try {
        return encodeFunctionData({ abi: [abiFunction], args })
      } catch (error) {
        if (!(error instanceof Error && 'shortMessage' in error)) throw error
        throw new KnownError('invalid', `The arguments do not fit ${signature}: ${error.shortMessage}`, {
          cause: error,
        })
      }
    },
  }
}
