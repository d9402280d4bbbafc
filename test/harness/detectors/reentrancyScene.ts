import { reentrancy } from '../../../src/detectors/attack/reentrancy.ts'
import type { Address } from '../../../src/model/chain.ts'
import type { Contract } from '../../../src/model/contract.ts'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../node/block.ts'
import type { SomeCall } from '../node/someCall.ts'
import { transferLog } from '../node/transferLog.ts'
import { contract, scene, World } from '../scene.ts'

export const [bank, shop, thief, evil, token, pool, code] = [0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7].map((n) =>
  account(n * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address]
export const ether = 10n ** 18n
export const [withdraw, deposit] = [call('function withdraw()'), call('function deposit()')]
export const ours = [contract('bank', bank)]

export const sent = (from: Address, to: Address, value: bigint, emitter = token): SomeLog =>
  transferLog(emitter, { from, to, value })
export const pays = (to: Address, amount: bigint): SomeCall => ({
  from: bank,
  to: token,
  input: call('function transfer(address to, uint256 value)', [to, amount]),
})

export const touched = event('event Touched()', bank)

export type Play = { on?: Contract[]; names?: Contract[]; options?: object; world?: World; fell?: bigint }

/** The bank holds 100 ETH and 100 tokens before the block, and `fell` less of each after it. */
export function play(
  transaction: Partial<SomeTransaction>,
  { on = ours, names = [], options, world = new World(), fell = 0n }: Play = {},
) {
  const held = (amount: bigint) => world.set(`balance ${bank}`, amount).holds(token, bank, amount)
  held(100n * ether)
  world.settle()
  held(100n * ether - fell)
  const watch = scene(reentrancy, on, { names, world, ...(options && { options }) })
  const logs = transaction.logs ?? [touched]
  const seen = watch.see({ transactions: [tx({ from: thief, to: evil, ...transaction, logs })] })
  return { ...seen, watch, findings: seen.claims.map(({ severity, evidence, title }) => [severity, evidence, title]) }
}

/** A withdrawal of one ether whose recipient does something with the call that brings it. */
export const withdrawal = (...inside: SomeCall[]): SomeCall => ({
  to: bank,
  input: withdraw,
  calls: [{ to: evil, value: ether, calls: inside }],
})
export const nested = (times: number): SomeCall => withdrawal(...(times > 1 ? [nested(times - 1)] : []))
export const put: SomeCall = { to: bank, input: deposit, value: ether }
