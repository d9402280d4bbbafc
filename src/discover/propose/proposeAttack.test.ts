import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { Hex } from '../../model/chain.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeAttack } from './proposeAttack.ts'

/** The second pushes a byte that would be the instruction of an event, and has none. */
const [loud, silent]: [Hex, Hex] = ['0x6001a1', '0x60a100']
/** As solc writes it behind every code: its first byte would be the instruction of an event. */
const metadata = `a2646970667358221220${'a1'.repeat(32)}64736f6c634300081c0033`

function named(name: string, facts: Partial<ContractFacts> = {}): NamedFacts {
  const whole: ContractFacts = {
    address: account(1),
    form: 'contract',
    balance: 0n,
    codes: [loud],
    forwards: false,
    ...facts,
  }
  return { name, kind: null, role: 'protected', facts: whole, pointers: [] }
}
const token = { standard: 'erc20' as const, symbol: 'ACME', decimals: 18, totalSupply: 1n, why: '' }
const safe = { version: '1.4.1', threshold: 2, owners: [], modules: [], why: '' }

const proposed = (own: NamedFacts[], traces = true) =>
  proposeAttack(own, { traces }).map(({ name, on, options }) => [name, on.join(), options?.traces])

test('contracts of which value may be got by a trick are watched for all of them', () => {
  expect(proposed([named('bank')])).toEqual([
    ['reentrancy', 'bank', undefined],
    ['cluster-profit', 'bank', undefined],
    ['round-trip', 'bank', undefined],
    ['rounding-loop', 'bank', undefined],
    ['repeated-claim', 'bank', undefined],
    ['new-call-path', 'bank', undefined],
    ['fresh-contract', 'bank', undefined],
    ['replayed-signature', 'bank', undefined],
    ['probing', 'bank', undefined],
    ['missing-signature', 'bank', undefined],
    ['open-payment', 'bank', undefined],
    ['unpaid-deposit', 'bank', undefined],
    ['allowance-misuse', 'bank', undefined],
  ])
})

test('a token that keeps coins or another token for its holders can be tricked as a vault can', () => {
  const trip = (share: NamedFacts, others: NamedFacts[] = []) =>
    proposeAttack([share], { traces: true, all: [share, ...others] }).some(({ use }) => use === 'round-trip')
  const [usd, share] = [account(2), account(1)]
  const of = (kind: 'value' | 'power', facts: Partial<ContractFacts> = { token }): NamedFacts => ({
    ...named('usd', { address: usd, ...facts }),
    ...{ role: 'dependency', pointers: [{ from: share, to: usd, name: null, where: 'its code', kind }] },
  })
  expect(trip(named('share', { token }), [of('value')])).toBe(true)
  expect(trip(named('share', { token, balance: 1n }))).toBe(true)
  expect(trip(named('share', { token, balance: null }), [of('power')])).toBe(false)
  expect(trip(named('share', { token }), [of('value', {})])).toBe(false)
  expect(trip(named('items', { token: { ...token, standard: 'erc721' } }), [of('value')])).toBe(false)
})

test('what takes any token that it is told of is seen by the calls of every transaction', () => {
  const codes: Hex[] = [`${loud}6323b872dd`]
  const usd: NamedFacts = {
    ...named('usd', { address: account(2), token }),
    pointers: [{ from: account(1), to: account(2), name: null, where: 'its code', kind: 'value' }],
  }
  const taken = (all: NamedFacts[], traces = true) =>
    proposeAttack([named('router', { codes })], { traces, all }).filter(({ use }) => use === 'cluster-profit')
  expect(taken([])).toMatchObject([{ name: 'cluster-profit-taken', on: ['router'], options: { traces: 'all' } }])
  expect(taken([usd])).toMatchObject([{ name: 'cluster-profit' }])
  expect(taken([], false)).toMatchObject([{ name: 'cluster-profit', options: { traces: 'none' } }])
})

test('leaves the page about a push to the monitor of the price, if that one names all of the same contracts', () => {
  const priced = (on: string[]) => [
    { name: 'prices', use: 'price-manipulation', on, options: { sources: ['$pair'] }, why: [] },
  ]
  const trip = (on: string[]) =>
    proposeAttack([named('bank'), named('lender')], { traces: false, priced: priced(on) }).find(
      ({ use }) => use === 'round-trip',
    )?.options
  expect(trip(['bank', 'lender'])).toEqual({ traces: 'none', pagedElsewhere: ['$pair'] })
  expect(trip(['bank'])).toEqual({ traces: 'none' })
})

test('Safes, plain tokens and accounts only for what can befall them', () => {
  expect(
    proposed([named('safe', { safe }), named('acme', { token }), named('key', { form: 'account', codes: [] })]),
  ).toEqual([
    ['fresh-contract', 'safe,acme', undefined],
    ['replayed-signature', 'safe,acme', undefined],
    ['probing', 'safe,acme', undefined],
    ['missing-signature', 'acme', undefined],
    ['open-payment', 'acme', undefined],
    ['unpaid-deposit', 'acme', undefined],
    ['allowance-misuse', 'safe', undefined],
    ['approvals', 'acme', undefined],
    ['look-alikes', 'safe,key', undefined],
    ['test-payment', 'safe,key', undefined],
  ])
})

test('code without events is seen by the calls of every transaction, and none where no provider tells calls', () => {
  const own = [
    named('bank'),
    named('mute', { codes: [`${silent}${metadata}`] }),
    named('proxy', { codes: [silent], forwards: true }),
  ]
  expect(proposed(own).filter(([name]) => /^(reentrancy|cluster)/.test(String(name)))).toEqual([
    ['reentrancy-silent', 'bank,mute,proxy', 'all'],
    ['cluster-profit', 'bank,proxy', undefined],
    ['cluster-profit-silent', 'mute', 'all'],
  ])
  expect(proposed(own, false).map(([name, , traces]) => [name, traces])).toEqual([
    ['reentrancy', 'none'],
    ['cluster-profit', 'none'],
    ['round-trip', 'none'],
    ['rounding-loop', 'none'],
    ['repeated-claim', 'none'],
    ['fresh-contract', 'none'],
    ['replayed-signature', 'none'],
    ['probing', 'none'],
    ['missing-signature', 'none'],
    ['open-payment', 'none'],
    ['unpaid-deposit', 'none'],
    ['allowance-misuse', undefined],
  ])
})

test('payments are played again by a stranger where calls can be tried, but not what a pool or a timelock pays', () => {
  const asked = (own: NamedFacts[], simulated = true) =>
    proposeAttack(own, { traces: true, simulated }).find(({ use }) => use === 'open-payment')?.on
  const pool = { token0: account(2), token1: account(3), why: 'it says so' }
  expect(asked([named('bank'), named('pair', { pair: pool }), named('safe', { safe })])).toEqual(['bank'])
  expect(asked([named('bank')], false)).toBeUndefined()
  const told = (own: NamedFacts[]) =>
    proposeAttack(own, { traces: true }).find(({ use }) => use === 'unpaid-deposit')?.on
  expect(
    told([named('bank'), named('pair', { pair: pool }), named('mute', { codes: [`${silent}${metadata}`] })]),
  ).toEqual(['bank'])
})

test('pending transactions are tried only where a provider tells of them and tries calls', () => {
  const tried = (given: { pending?: boolean; simulated?: boolean }) =>
    proposeAttack([named('bank')], { traces: false, ...given }).filter(({ use }) => use === 'pending-transactions')
  expect(tried({ pending: true })).toMatchObject([{ on: ['bank'] }])
  expect([tried({}), tried({ pending: true, simulated: false })]).toEqual([[], []])
})
