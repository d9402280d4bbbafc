import type { Abi, AbiFunction } from 'viem'
import { formatAbiItem, toFunctionSelector } from 'viem/utils'
import { holds } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'

/** `missing`: functions of the ABI that the code does not have, such as `transfer(address,uint256)`. */
export type AbiFit = { functions: number; missing: string[] } | 'cannot tell'

/**
 * Whether a contract has the functions of an ABI, by the selectors in its code. For a proxy, its implementation counts as
 * well; where calls go on to code that is not known, as in a diamond, nothing can be told.
 */
export function abiFits(abi: Abi, { codes, forwards }: Pick<ContractFacts, 'codes' | 'forwards'>): AbiFit {
  if (forwards || codes.length === 0) return 'cannot tell'
  const functions = abi.filter((item) => item.type === 'function' && Array.isArray(item.inputs)) as AbiFunction[]
  const missing = functions.filter((item) => !codes.some((code) => holds(code, toFunctionSelector(item))))
  return { functions: functions.length, missing: missing.map((item) => formatAbiItem(item)) }
}
