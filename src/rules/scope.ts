import type { Receipt, Transaction } from '../model/chain.ts'
import { type Answer, type Evaluate, type Frame, Undecidable } from './frame.ts'
import type { Field, Member, Type } from './type.ts'

const integer: Type = { kind: 'integer' }
const address: Type = { kind: 'address' }
const word: Type = { kind: 'bytes', size: 32 }
const status: Type = { kind: 'string', choices: ['success', 'reverted', 'unknown'] }
const noOne = `0x${'0'.repeat(40)}` as const

const member = (type: Type, look: (frame: Frame) => Answer): Member => ({ type, evaluate: look })
const group = (members: Record<string, Member>): Member => ({
  type: { kind: 'object', members: new Map(Object.entries(members)) },
  evaluate: () => new Undecidable('a group of values is no value'),
})

const noTransaction = new Undecidable('the transaction is not known')
const noReceipt = new Undecidable('the receipt of the transaction is not known')
const noLog = new Undecidable('there is no log')

const ofTransaction = (type: Type, look: (transaction: Transaction) => Answer) =>
  member(type, ({ transaction }) => (transaction ? look(transaction) : noTransaction))
const ofReceipt = (type: Type, look: (receipt: Receipt) => Answer) =>
  member(type, ({ receipt }) => (receipt ? look(receipt) : noReceipt))

const block = group({
  number: member(integer, (frame) => BigInt(frame.block.number)),
  timestamp: member(integer, (frame) => BigInt(frame.block.timestamp)),
})

const tx = group({
  hash: ofTransaction(word, ({ hash }) => hash),
  from: ofTransaction(address, ({ from }) => from),
  to: ofTransaction(address, ({ to }) => to ?? noOne),
  value: ofTransaction(integer, ({ value }) => value),
  input: ofTransaction({ kind: 'bytes', size: null }, ({ input }) => input),
  selector: ofTransaction({ kind: 'bytes', size: 4 }, ({ input }) => input.slice(0, 10)),
  nonce: ofTransaction(integer, ({ nonce }) => BigInt(nonce)),
  gas: ofTransaction(integer, ({ gas }) => gas),
  gasUsed: ofReceipt(integer, ({ gasUsed }) => gasUsed),
  gasPrice: ofReceipt(integer, ({ effectiveGasPrice }) => effectiveGasPrice),
  fee: ofReceipt(integer, ({ gasUsed, effectiveGasPrice }) => gasUsed * effectiveGasPrice),
  status: ofReceipt(status, (receipt) => receipt.status),
})

const log = group({ address: member(address, (frame) => frame.log?.address ?? noLog) })

export type ScopeKind = 'event' | 'transaction' | 'block'

/** Bare names by what is judged: a log, a transaction or a block. Ours come first, so `args.tx` is a parameter `tx`. */
export function scopeOf(kind: ScopeKind, parameters: readonly Field[] = []): Map<string, Member> {
  const names = new Map<string, Member>()
  for (const [index, { name, type }] of parameters.entries()) names.set(name, { type, evaluate: argument(index) })
  names.delete('')
  names.set('block', block)
  if (kind === 'block') return names
  names.set('tx', tx)
  if (kind === 'event') names.set('log', log)
  const all: Evaluate = (frame) => frame.args
  return names.set('args', { type: { kind: 'tuple', fields: parameters }, evaluate: all })
}

function argument(index: number): Evaluate {
  return (frame) => frame.args[index]!
}
