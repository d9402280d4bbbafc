import { expect, test } from 'vitest'
import { account, event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import { privilegedChange } from '../privilegedChange.ts'

const [configurator, asset, thief, nobody] = [account(0x1111), account(0x2222), account(0x3333), account(0)]

function told(signature: string, values: Record<string, unknown>) {
  const names = [contract('usd', asset, { role: 'dependency' })]
  const watch = scene(privilegedChange, [contract('configurator', configurator)], { names, world: new World() })
  watch.see()
  const logs = [event(signature, configurator, values as never)]
  const { claims } = watch.see({ transactions: [tx({ from: account(3), to: configurator, logs })] })
  return claims.map(({ severity, title }) => `${severity ?? 'high'}: ${title}`)
}
const category =
  'event EModeCategoryAdded(uint8 indexed categoryId, uint256 ltv, uint256 liquidationThreshold, uint256 liquidationBonus, address oracle, string label)'
const terms = { categoryId: 1, ltv: 9_700n, liquidationThreshold: 9_750n, liquidationBonus: 10_100n, label: 'coins' }

test.each([
  [
    'event ReservePaused(address indexed asset, bool paused)',
    { asset, paused: true },
    'medium: The reserve of usd was paused in configurator',
  ],
  [
    'event ReserveFrozen(address indexed asset, bool frozen)',
    { asset, frozen: false },
    'medium: The reserve of usd was unfrozen in configurator',
  ],
  [
    'event ReserveInterestRateStrategyChanged(address indexed asset, address oldStrategy, address newStrategy)',
    { asset, oldStrategy: nobody, newStrategy: thief },
    'medium: What loans of usd cost in configurator is worked out by 0x0000…3333 from now on',
  ],
  [category, { ...terms, oracle: nobody }, 'medium: Category 1 of configurator lends 9700 of 10,000 against a pledge'],
  [
    category,
    { ...terms, oracle: thief },
    'high: Category 1 of configurator lends 9700 of 10,000 against a pledge, at a price of 0x0000…3333',
  ],
])('%s is told', (signature, values, expected) => {
  expect(told(signature, values)).toEqual([expected])
})
