import type { AbiEvent, AbiParameter } from 'viem'
import { formatAbiItem } from 'viem/utils'
import { type CompiledEvent, compileEvent } from '../../../evm/abi/compileEvent.ts'
import type { Value } from '../../../evm/abi/value.ts'
import { hash } from '../../../lib/hash.ts'
import type { BridgeSide } from '../../../model/bridge.ts'
import type { Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { KnownError } from '../../../model/error.ts'
import { itemsNamed, lackedBy, unknownItem } from '../../../rules/contractAbi.ts'
import type { SideOptions } from './options.ts'

/** What an event says of a message, before the tokens of both chains are compared. */
export type Told = { message: string; token: string | null; amount: bigint; recipient: string | null }

export type CompiledSide = {
  topics: readonly Hex[]
  notes: readonly string[]
  /**
   * Null: the log is of another event, or of what `only` leaves out.
   * @throws {UndecodableError}
   */
  read(log: Log): Told | null
}

/** @throws {KnownError} The contract has no such event, or that has no such parameter. */
export function compileSide(side: BridgeSide, options: SideOptions, contract: Contract): CompiledSide {
  const events = eventsOf(options, contract).map((event) => compileEvent(event))
  const readers = new Map(events.map((event) => [event.topic0, compileTold(side, options, event)]))
  const [name = ''] = options.event.split('(')
  const lacking = lackedBy(contract, 'event', name)
  return {
    topics: [...readers.keys()],
    notes: lacking ? [`Nothing is ${side} as long as it lacks the event \`${name}\`: ${lacking}.`] : [],
    read: (log) => readers.get(log.topics[0] ?? '0x')?.(log) ?? null,
  }
}

/** The event; of a proxy with several implementations, each of those with its name. */
function eventsOf({ event: wanted }: SideOptions, contract: Contract): AbiEvent[] {
  const [name = ''] = wanted.split('(')
  const named = itemsNamed(contract, 'event', name.trim()).filter(({ anonymous }) => !anonymous)
  const [first, ...others] = named
  if (!first) {
    const { message, hint } = unknownItem(contract, 'event', name.trim())
    throw new KnownError('invalid', message, { hints: [hint] })
  }
  const signatures = named.map((event) => formatAbiItem(event))
  if (wanted.includes('(')) {
    const found = named.filter((_, index) => signatures[index] === wanted.replaceAll(/\s/g, ''))
    if (found.length > 0) return found
    throw new KnownError('invalid', `\`${contract.name}\` has no event \`${wanted}\`.`, {
      hints: [`It has ${signatures.slice(0, 5).join(', ')}.`],
    })
  }
  if (others.length > 0 && !contract.implementations) {
    throw new KnownError('invalid', `\`${contract.name}\` has ${named.length} events \`${name}\`.`, {
      hints: [`Write its signature: ${signatures.slice(0, 5).join(' or ')}.`],
    })
  }
  return named
}

type Fits = (type: string) => boolean

const isWord: Fits = (type) => /^(u?int\d*|bytes\d*|address|bool|string)$/.test(type)
const isNumber: Fits = (type) => /^uint\d*$/.test(type)
const isAccount: Fits = (type) => /^(address|bytes32|bytes)$/.test(type)

function compileTold(side: BridgeSide, options: SideOptions, event: CompiledEvent): (log: Log) => Told | null {
  const place = (parameter: string, fits: Fits, should: string) => {
    const index = event.parameters.findIndex(({ name }) => name === parameter)
    if (index < 0) throw noParameter(side, parameter, event)
    const { type } = event.parameters[index] as AbiParameter
    if (fits(type)) return index
    throw new KnownError('invalid', `\`${parameter}\` of \`${event.signature}\` is ${type}, and should be ${should}.`)
  }
  const account = (parameter: string | undefined) =>
    parameter === undefined ? null : place(parameter, isAccount, 'an address or bytes')
  const ids = [options.id].flat().map((parameter) => place(parameter, isWord, 'a plain value'))
  const amount = place(options.amount, isNumber, 'an unsigned integer')
  const [token, recipient] = [account(options.token), account(options.recipient)]
  const only = Object.entries(options.only).map(([parameter, value]) => {
    return [place(parameter, isWord, 'a plain value'), wordOf(`${value}`)] as const
  })
  return (log) => {
    const values = event.decode(log)
    if (only.some(([index, wanted]) => textOf(values[index]!) !== wanted)) return null
    const at = (index: number | null) => (index === null ? null : accountOf(values[index]!))
    return {
      message: short(joined(ids.map((index) => values[index]!))),
      token: at(token),
      amount: values[amount] as bigint,
      recipient: at(recipient),
    }
  }
}

function noParameter(side: BridgeSide, parameter: string, { signature, parameters }: CompiledEvent): KnownError {
  const names = parameters.flatMap(({ name }) => name || []).slice(0, 20)
  const hint = names.length > 0 ? `It has ${names.join(', ')}.` : 'Name its parameters in the ABI of the contract.'
  return new KnownError('invalid', `\`${signature}\` under \`${side}\` has no parameter \`${parameter}\`.`, {
    hints: [hint],
  })
}

const wordOf = (text: string) => (/^0x[0-9a-fA-F]+$/.test(text) ? text.toLowerCase() : text)
const textOf = (value: Value) => String(value)

/** Several values are one message, and no two lists of them the same. */
const joined = (values: readonly Value[]) =>
  values.length === 1 ? textOf(values[0]!) : values.map((value) => JSON.stringify(textOf(value))).join(' ')

/** A text that a stranger chose may be as long as a block allows, and hold what a database does not take. */
const short = (text: string) => (/^(?!#)[ -~]{0,200}$/.test(text) ? text : `#${hash(text)}`)

/** Chains of other kinds write accounts as 32 bytes: an address among them is the same address. */
function accountOf(value: Value): string {
  const text = textOf(value)
  if (/^0x0{24}[0-9a-f]{40}$/.test(text)) return `0x${text.slice(26)}`
  return short(text)
}
