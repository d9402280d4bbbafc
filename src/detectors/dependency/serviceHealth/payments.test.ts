import { expect, test } from 'vitest'
import { account, call, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { serviceHealth } from '../serviceHealth.ts'

const [bridge, relayer, token, user] = [1, 2, 3, 4].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
]
const nobody = account(0)

/** A relayer releases a thousand or so, ten times, and then so much, of which a log tells. */
function released(amount: bigint, { from = bridge, told = amount } = {}) {
  const watch = scene(serviceHealth, [contract('bridge', bridge)], {
    options: { services: ['$relayer'] },
    names: [contract('relayer', relayer, { role: 'dependency' })],
  })
  const release = (value: bigint, logs = [transferLog(token, { from: bridge, to: user, value })]) => {
    const input = call('function release(address to, uint256 amount)', [user, value])
    return watch.see({
      transactions: [tx({ from: relayer, to: bridge, input, logs })],
    })
  }
  for (let past = 0n; past < 10n; past++) expect(release(1_000n + past).claims).toEqual([])
  const { claims } = release(amount, [transferLog(token, { from, to: user, value: told })])
  return claims.flatMap(({ title, severity }) => (title.includes('further than ever') ? [severity ?? 'paged'] : []))
}

test('a payment that is larger than ever is no report, and wakes nobody', () => {
  expect(released(58_000n)).toEqual(['medium'])
  expect(released(58_000n, { from: nobody })).toEqual(['medium'])
})

test('a number that leaps and of which nothing was paid pages', () => {
  expect(released(58_000n, { told: 57_999n })).toEqual(['paged'])
  expect(released(58_000n, { from: user })).toEqual(['paged'])
})
