import type { Receipt, Transaction } from '../model/chain.ts'
import { type Answer, type Frame, Undecidable } from './frame.ts'
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
  index: ofTransaction(integer, ({ index }) => BigInt(index)),
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

/** Bare names by what is judged: a log, a transaction or a block. The ABI's own names come before ours. */
export function scopeOf(kind: ScopeKind, parameters: readonly Field[] = []): Map<string, Member> {
  const names = new Map<string, Member>()
  for (const [index, { name, type }] of parameters.entries()) {
    if (name !== '') names.set(name, { type, evaluate: (frame) => frame.args[index]! })
  }
  for (const [name, value] of Object.entries(known[kind])) if (!names.has(name)) names.set(name, value)
  if (parameters.length > 0 && !names.has('args')) {
    names.set(
      'args',
      member({ kind: 'tuple', fields: parameters }, (frame) => frame.args),
    )
  }
  return names
}

const known: Record<ScopeKind, Record<string, Member>> = {
  event: { tx, log, block },
  transaction: { tx, block },
  block: { block },
}
