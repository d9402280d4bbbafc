import type { Value } from '../../evm/abi/value.ts'
import type { Address } from '../../model/chain.ts'
import { type Instruction, selectorOf } from './instruction.ts'
import { knownCall } from './knownFunctions.ts'

const argumentMax = 66
const argumentsMax = 4

/** One call in a line: `treasury.transfer(0x…, 5000)`. Addresses stand there whole, as the facts of a finding need them. */
export function describeCall(call: Instruction, show: (address: Address) => string): string {
  const known = knownCall(call)
  const name = show(call.to).includes('…') ? call.to : show(call.to)
  const what = known ? `${known.name}(${showArguments(known.args)})` : selectorOf(call)
  const paid = call.value > 0n ? ` with ${call.value} wei` : ''
  return `${call.way === 'delegatecall' ? 'delegatecall ' : ''}${name}${what === '0x' ? '' : `.${what}`}${paid}`
}

function showArguments(args: readonly Value[]): string {
  const shown = args.slice(0, argumentsMax).map((value) => {
    if (Array.isArray(value)) return `[${value.length}]`
    const text = String(value)
    return text.length > argumentMax ? `${text.slice(0, argumentMax)}…` : text
  })
  return [...shown, ...(args.length > argumentsMax ? ['…'] : [])].join(', ')
}
