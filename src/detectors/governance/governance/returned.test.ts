import { expect, test } from 'vitest'
import { call, event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { governance } from '../governance.ts'

const [timelock, vault, usdc, lender, thief] = Array.from(
  { length: 5 },
  (_, n) => `0x${String(n + 1).repeat(40)}` as Address,
) as [Address, Address, Address, Address, Address]
const id = word(0xabc)

/**
 * A timelock schedules that a vault of 1,000 dollars lends 500 of them. `lay`: what lies in the lender; `back`: what may be
 * taken out of it then, and by whom.
 */
function scheduled({ lay = 500n, back = 500n, holder = vault, asset = usdc } = {}) {
  const mayTake = (who: Address) => `call ${lender} 0xce96cb77${word(who).slice(2)}`
  const world = new World()
    .holds(usdc, vault, 1_000n)
    .holds(usdc, lender, lay)
    .set(`call ${lender} 0x38d52e0f`, word(asset))
  for (const each of [vault, timelock]) world.set(mayTake(each), 0n)
  world.settle()
  world.simulated = () => {
    const after = new World()
    for (const [question, answer] of world.now) after.set(question, answer)
    after.holds(usdc, vault, 500n).holds(usdc, lender, lay + 500n)
    after.set(mayTake(holder), back)
    return after
  }
  const names = [contract('vault', vault), contract('usdc', usdc, { role: 'dependency', kind: 'erc20' })]
  const watch = scene(governance, [contract('timelock', timelock, { kind: 'timelock' })], { world, names })
  const data = call('function invest(address lender, uint256 amount)', [lender, 500n])
  const log = event(
    'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
    timelock,
    { id, index: 0n, target: vault, value: 0n, data, predecessor: word(0), delay: 172_800n },
  )
  const { claims, blind } = watch.see({ transactions: [tx({ to: timelock, logs: [log] })] })
  expect(blind).toEqual([])
  return claims.filter(({ key }) => key.startsWith('effect'))
}

test('what may be taken back is told at medium, to 95 % of what would leave', () => {
  expect(scheduled()).toMatchObject([{ severity: 'medium', facts: { milder: expect.any(String) } }])
  expect(scheduled({ back: 475n })).toMatchObject([{ severity: 'medium' }])
  expect(scheduled({ back: 474n })).toMatchObject([{ severity: 'high' }])
})

test.each([
  ['another may take it', { holder: thief }],
  ['less lay in the vault than comes in', { lay: 499n }],
  ['it is a vault of something else', { asset: thief }],
  ['it is no gain', { back: 0n }],
])('it is high where %s', (_, rest) => {
  expect(scheduled(rest)).toMatchObject([{ severity: 'high' }])
})
