import { outflowCap } from '../../../src/detectors/value/outflowCap.ts'
import type { Address } from '../../../src/model/chain.ts'
import type { Pricing } from '../../../src/model/pricing.ts'
import { account, tx } from '../node/block.ts'
import { transferLog } from '../node/transferLog.ts'
import { contract, scene, World } from '../scene.ts'

export const numbered = (n: number): Address => account(n * 0x1111)
export const [vault, thief, user, usdc, fake] = [numbered(1), numbered(2), numbered(3), numbered(4), numbered(5)]
export const start = 1_704_067_200
export const named = contract('vault', vault)
const dollar = contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })

export const moved = (token: Address, from: Address, to: Address, value: bigint) =>
  transferLog(token, { from, to, value })

/** A vault of 1,000 USDC without decimals to count in, whose balance follows the transfers. */
export function vaultScene(options: object, { held = 1000n, prices = [] }: { held?: bigint; prices?: Pricing[] } = {}) {
  const world = new World().token(usdc, 'USDC', 0).holds(usdc, vault, held).settle()
  const watch = scene(outflowCap, [named], { options, names: [{ ...dollar, prices }], world })
  let balance = held
  /** Amounts below zero leave to the recipient, the others come in; each in a transaction of its own. */
  const move = (amounts: number[], { after = 12, to = thief }: { after?: number; to?: Address } = {}) => {
    const logs = amounts.map((amount) =>
      amount < 0 ? moved(usdc, vault, to, BigInt(-amount)) : moved(usdc, user, vault, BigInt(amount)),
    )
    balance += BigInt(amounts.reduce((sum, amount) => sum + amount, 0))
    world.holds(usdc, vault, balance)
    time += after
    return watch.see({ timestamp: time, transactions: logs.map((log) => tx({ from: to, logs: [log] })) })
  }
  let time = start
  return { world, watch, move }
}
