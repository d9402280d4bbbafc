import { describe, expect, test } from 'vitest'
import { other, thief, vaultAddress, watchFor, withdraw } from '../../../../test/harness/detectors/expressionScene.ts'
import { call, tx } from '../../../../test/harness/node/block.ts'

describe('a rule that looks inside transactions', () => {
  const rescue = (amount: bigint) => call('function rescue(address to, uint256 amount)', [thief, amount])
  /** The thief's contract calls the vault twice, the second time in vain, and borrows its code. */
  const attack = () =>
    tx({
      from: thief,
      to: other,
      calls: [
        { to: vaultAddress, input: rescue(7n), calls: [{ to: thief, value: 7n }] },
        { to: other, error: 'execution reverted', calls: [{ to: vaultAddress, input: rescue(8n), value: 8n }] },
        { kind: 'delegatecall', to: vaultAddress, input: rescue(9n) },
      ],
    })
  const see = (when: string, options: object, transaction = attack()) =>
    watchFor(when, options).see({ transactions: [transaction] })

  test('sees the calls of others that took effect, with the way to them', () => {
    const { claims, blind } = see('call rescue if amount > 1', { internal: 'all' })
    expect(blind).toEqual([])
    expect(claims.map(({ key, facts }) => [key, facts.amount, facts['call.path']])).toEqual([
      [`${vaultAddress} call 1`, '7', [thief, other, vaultAddress]],
    ])
    expect(see('call rescue if amount > 7', { internal: 'all' }).claims).toEqual([])
    expect(see('call rescue', {}).claims).toEqual([])
  })

  test('sees those that failed, also because of a call around them', () => {
    const { claims } = see('reverted call rescue', { internal: 'all' })
    expect(claims.map(({ key, facts }) => [key, facts.amount])).toEqual([[`${vaultAddress} call 4`, '8']])
  })

  test('sees value that moves inside and stays moved', () => {
    const { claims } = see('transfer if from == this', { internal: 'all' })
    expect(claims.map(({ key, facts }) => [key, facts.to, facts.value])).toEqual([
      [`${vaultAddress} call 2`, thief, '7'],
    ])
    expect(see('transfer if to == this', { internal: 'all' }).claims).toEqual([])
  })

  test('tells of a transaction to the contract itself once, as it does without', () => {
    const direct = tx({ from: thief, to: vaultAddress, input: rescue(7n) })
    const [without, within] = [{}, { internal: 'touching' }].map(
      (options) => see('call rescue', options, direct).claims,
    )
    expect(within).toEqual(without)
    expect(within).toHaveLength(1)
  })

  test('asks for a trace of what touches the contract only, unless for all', () => {
    expect(see('call rescue', { internal: 'touching' }).claims).toEqual([])
    const logged = { ...attack(), logs: [withdraw(7n)] }
    expect(see('call rescue', { internal: 'touching' }, logged).claims).toHaveLength(1)
  })

  test.each(['event Withdraw', 'log', 'transaction'])('is refused where it changes nothing: %s', (when) => {
    expect(() => watchFor(when, { internal: 'all' })).toThrow(/`internal` means nothing for/)
  })
})
