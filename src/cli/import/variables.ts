import type { AbiEvent, AbiFunction, AbiParameter } from 'viem'
import { compileEvent } from '../../evm/abi/compileEvent.ts'
import { fieldsOf, type Type } from '../../rules/type.ts'
import type { Dialect } from './sourceMonitor.ts'

/** What a name of a condition stands for. */
export type Variable = {
  /** In our rules. */
  text: string
  type: Type
  /** As the ABI writes it. */
  abiType: string
  /** An indexed text, of which the log holds the hash only. */
  hashed?: boolean
  /** A parameter called `args` hides the way to it. */
  hidden?: boolean
}

export type Variables = ReadonlyMap<string, Variable>

const integer: Type = { kind: 'integer' }
const address: Type = { kind: 'address' }
const word: Type = { kind: 'bytes', size: 32 }
const data: Type = { kind: 'bytes', size: null }

const ofTransaction: Record<string, readonly [text: string, type: Type]> = {
  value: ['tx.value', integer],
  from: ['tx.from', address],
  to: ['tx.to', address],
  hash: ['tx.hash', word],
  gas_price: ['tx.gasPrice', integer],
  gas_limit: ['tx.gas', integer],
  nonce: ['tx.nonce', integer],
  input: ['tx.input', data],
  gas_used: ['tx.gasUsed', integer],
  transaction_index: ['tx.index', integer],
}
const defenderNames: Record<string, string> = {
  gasPrice: 'gas_price',
  gasLimit: 'gas_limit',
  gasUsed: 'gas_used',
  data: 'input',
  transactionIndex: 'transaction_index',
}

/** Names that a condition about a transaction may use and that have no counterpart here. */
export const unknownFees = new Set([
  'max_fee_per_gas',
  'max_priority_fee_per_gas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
])

export function transactionVariables(dialect: Dialect): Variables {
  const known = Object.entries(ofTransaction)
  const other = Object.entries(defenderNames).map(([name, own]) => [name, ofTransaction[own]!] as const)
  const all = dialect === 'defender' ? [...known, ...other] : known
  return new Map(all.map(([name, [text, type]]) => [name, { text, type, abiType: '' }]))
}

/** Words of our rules, and names of ours that a reader would take for ours. */
const reserved = new Set(
  'or and not in matches contains startsWith endsWith true false if this tx block log before'.split(' '),
)

/** Parameters of an event or a function. In Defender those without a name, and all others too, are `$0`, `$1` … */
export function parametersOf(item: AbiEvent | AbiFunction, dialect: Dialect): Variables {
  const fields = fieldsOf(item.type === 'event' ? compileEvent(item).parameters : item.inputs)
  const count = (wanted: string) => fields.filter(({ name }) => name === wanted).length
  const variables = new Map<string, Variable>()
  for (const [index, { name, type }] of fields.entries()) {
    const { type: abiType } = item.inputs[index] as AbiParameter
    const isPlain = /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name) && count(name) === 1
    const hashed = abiType === 'string' && type.kind === 'bytes'
    const variable = {
      text: isPlain ? name : `args[${index}]`,
      type,
      abiType,
      hashed,
      hidden: !isPlain && count('args') > 0,
    }
    if (name !== '' && !variables.has(name)) variables.set(name, variable)
    if (dialect === 'defender') variables.set(`$${index}`, variable)
  }
  return variables
}
