import { describe, expect, test } from 'vitest'
import { other, thief, vaultAddress, watchFor } from '../../../../test/harness/detectors/expressionScene.ts'
import { call, tx } from '../../../../test/harness/node/block.ts'

describe('a rule about a transaction', () => {
  const rescue = (amount: bigint) => call('function rescue(address to, uint256 amount)', [thief, amount])
  const called = (fields: Parameters<typeof tx>[0]) => ({
    transactions: [tx({ from: thief, to: vaultAddress, input: rescue(9n), ...fields })],
  })

  test('speaks of a call that took effect, and of a failed one only if asked', () => {
    const calls = watchFor('call rescue if amount > 8')
    expect(calls.see(called({})).claims).toMatchObject([
      {
        key: vaultAddress,
        title: 'Call of rescue on vault: from 0x0000…3333, to 0x0000…3333, amount 9',
        facts: { amount: '9' },
      },
    ])
    expect(calls.see(called({ input: rescue(8n) })).claims).toEqual([])
    expect(calls.see(called({ status: 'reverted' })).claims).toEqual([])
    expect(calls.see(called({ to: other })).claims).toEqual([])
    const failures = watchFor('reverted call rescue')
    expect(failures.see(called({ status: 'reverted' })).claims).toHaveLength(1)
    expect(failures.see(called({})).claims).toEqual([])
  })

  test('is blind for a call that took effect and cannot be decoded', () => {
    const { claims, blind } = watchFor('call rescue').see(called({ input: `0x${rescue(9n).slice(2, 12)}` }))
    expect(claims).toEqual([])
    expect(blind).toHaveLength(1)
  })

  test('is blind where the receipt is missing', () => {
    const watch = watchFor('call rescue')
    const { block } = watch.see(called({}))
    const { claims, blind } = watch.judge({ ...block, receipts: null })
    expect(claims).toEqual([])
    expect(blind).toEqual(['Call of rescue on vault: nobody can tell whether the call took effect'])
  })

  test('speaks of native value in and out, at the limit', () => {
    const watch = watchFor('transfer if value >= 1 ether and from == this')
    const sent = (value: bigint, from = vaultAddress) => ({ transactions: [tx({ from, to: other, value })] })
    expect(watch.see(sent(10n ** 18n)).claims).toMatchObject([{ facts: { value: '1000000000000000000', to: other } }])
    expect(watch.see(sent(10n ** 18n - 1n)).claims).toEqual([])
    expect(watch.see({ transactions: [tx({ from: thief, to: vaultAddress, value: 10n ** 18n })] }).claims).toEqual([])
    expect(watchFor('transfer').see(sent(0n)).claims).toEqual([])
    expect(
      watchFor('transfer').see({ transactions: [tx({ from: vaultAddress, value: 1n, status: 'reverted' })] }).claims,
    ).toEqual([])
  })

  test('speaks of any transaction by its selector', () => {
    const watch = watchFor('transaction if tx.selector == 0xdeadbeef and tx.status == "reverted"')
    expect(watch.see(called({ input: '0xdeadbeef00', status: 'reverted' })).claims).toHaveLength(1)
    expect(watch.see(called({ input: '0xdeadbeef00' })).claims).toEqual([])
    expect(watch.see(called({ input: '0xdead', status: 'reverted' })).claims).toEqual([])
  })
})
