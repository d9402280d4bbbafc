import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { clusterProfit } from '../clusterProfit.ts'

const [vault, router, usd, owner, heir] = [0x1111, 0x2222, 0x3333, 0x4444, 0x5555].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const padded = (value: Address | bigint) => word(value).slice(2)
const redeem = `0xba087652${padded(900n)}${padded(heir)}${padded(owner)}` as Hex

/** The heir has the vault burn 900 of the 1,000 shares of the owner, himself or by the router, and gets the dollars. */
function redeemed(allowed: Record<Address, bigint>, by: Address) {
  const world = new World().holds(vault, owner, 1_000n).holds(usd, vault, 5_000n)
  for (const [spender, amount] of Object.entries(allowed))
    world.set(`call ${vault} 0xdd62ed3e${padded(owner)}${padded(spender as Address)}`, amount)
  world.settle().holds(vault, owner, 100n)
  const watch = scene(clusterProfit, [contract('vault', vault), contract('router', router)], { world })
  const logs = [
    transferLog(vault, { from: owner, to: account(0), value: 900n }),
    transferLog(usd, { from: vault, to: heir, value: 900n }),
  ]
  const calls = by === heir ? [] : [{ from: router, to: vault, input: redeem }]
  const to = by === heir ? vault : router
  const { claims } = watch.see({ transactions: [tx({ from: heir, to, input: redeem, logs, calls })] })
  return claims.map(({ severity, address }) => [severity ?? clusterProfit.severity, address])
}

test('who takes by the leave of the owner himself takes nothing by a hole of the vault', () => {
  expect(redeemed({ [heir]: 900n }, heir)).toEqual([])
  expect(redeemed({ [heir]: 899n }, heir)).toEqual([['high', vault]])
})

test('what the owner allowed a router of ours, a stranger may not take by it', () => {
  expect(redeemed({ [router]: 900n }, router)).toEqual([['high', router]])
})
