import { type Hex, toFunctionSelector } from 'viem'
import { backing } from '../../../src/detectors/value/backing.ts'
import type { Address } from '../../../src/model/chain.ts'
import { account, type SomeTransaction, tx } from '../node/block.ts'
import { scene, word } from '../scene.ts'

export const [target, token, other, thief, user] = [0x11, 0x22, 0x33, 0x44, 0x55].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
export const one = 10n ** 18n

export const ask = (to: Address, signature: string, ...args: (bigint | Hex)[]) =>
  `call ${to} ${toFunctionSelector(signature)}${args.map((arg) => word(arg).slice(2)).join('')}`
export const told = ({ claims }: { claims: { severity?: string; title: string; evidence: string }[] }) =>
  claims.map(({ severity, title }) => `${severity ?? backing.severity}: ${title}`)

/** One monitor before a chain, whose `see` can stand alone. */
export function watching(on: Parameters<typeof scene>[1], rest: Parameters<typeof scene>[2]) {
  const watch = scene(backing, on, rest)
  return { ...watch, see: (some?: Parameters<typeof watch.see>[0]) => watch.see(some) }
}

export function touch(fields: Partial<SomeTransaction> = {}) {
  return { transactions: [tx({ from: thief, to: target, ...fields })] }
}
