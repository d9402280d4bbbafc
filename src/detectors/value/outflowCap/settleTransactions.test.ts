import fc from 'fast-check'
import { expect, test } from 'vitest'
import { account } from '../../../../test/harness/node/block.ts'
import { type Leg, sumOf } from './leg.ts'
import { settleTransactions } from './settleTransactions.ts'

const leg = fc.record<Leg>({
  way: fc.constantFrom('out', 'in'),
  amount: fc.bigInt(1n, 100n),
  other: fc.integer({ min: 1, max: 4 }).map(account),
  transactionHash: fc.constantFrom('0x01', '0x02', null),
})

test('settling leaves each transaction one way only, by the same difference', () => {
  fc.assert(
    fc.property(fc.array(leg, { maxLength: 30 }), (legs) => {
      const settled = settleTransactions(legs)
      for (const hash of ['0x01', '0x02', null]) {
        const of = (all: Leg[]) => all.filter(({ transactionHash }) => transactionHash === hash)
        const net = (all: Leg[]) => sumOf(of(all), 'out') - sumOf(of(all), 'in')
        expect(net(settled)).toBe(net(legs))
        expect(new Set(of(settled).map(({ way }) => way)).size).toBeLessThanOrEqual(1)
      }
      expect(settled.every(({ amount }) => amount > 0n)).toBe(true)
    }),
  )
})

test('settling takes a repayment off what its payer got', () => {
  const [lender, thief] = [account(1), account(2)]
  const legs: Leg[] = [
    { way: 'out', amount: 5n, other: thief, transactionHash: '0x01' },
    { way: 'out', amount: 100n, other: lender, transactionHash: '0x01' },
    { way: 'in', amount: 100n, other: lender, transactionHash: '0x01' },
  ]
  expect(settleTransactions(legs)).toEqual([legs[0]])
})
