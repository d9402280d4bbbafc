import { type AbiParameter, decodeAbiParameters } from 'viem'
import type { Value } from '../../src/evm/abi/value.ts'
import type { Hex } from '../../src/model/chain.ts'

/** What viem makes of it, in our form; null: it refuses. */
export function decodeWithViem(types: readonly AbiParameter[], bytes: Hex): Value[] | null {
  try {
    return plainValues(types, decodeAbiParameters(types, bytes))
  } catch {
    return null
  }
}

/** viem's values in our form: numbers as bigint, addresses lower case, tuples by position. */
export function plainValues(types: readonly AbiParameter[], values: readonly unknown[]): Value[] {
  return types.map((type, place) => plain(values[place], type))
}

function plain(value: unknown, { type, ...rest }: AbiParameter): Value {
  const element = /^(.*)\[\d*\]$/.exec(type)?.[1]
  if (element !== undefined) return (value as unknown[]).map((item) => plain(item, { ...rest, type: element }))
  if (type === 'tuple') {
    const components = 'components' in rest ? rest.components : []
    return components.map((component, place) => {
      const fields = value as Record<string, unknown>
      return plain(Array.isArray(value) ? value[place] : fields[component.name!], component)
    })
  }
  if (typeof value === 'number') return BigInt(value)
  return type === 'address' ? String(value).toLowerCase() : (value as Value)
}

/** As text; without byte order marks, which viem leaves out of strings. */
export const comparable = (values: readonly Value[]): string =>
  JSON.stringify(values, (_, item) => (typeof item === 'bigint' ? `${item}` : item)).replaceAll('\uFEFF', '')
