import { type Hex, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeRights } from './proposeRights.ts'

test('each contract with a list of its own is asked by what was found of it, and the others are not', () => {
  const [pool, other] = [1, 2].map((place) => {
    const facts = { address: account(place), form: 'contract' } as ContractFacts
    return { name: `contract${place}`, kind: null, role: 'protected' as const, facts, pointers: [] }
  })
  const proposed = proposeRights([pool!, other!], new Map([[account(1), ['0x6d70f7ae']]]), { traces: true })
  expect(proposed).toMatchObject([
    { name: 'contract1-rights', use: 'new-rights', on: ['contract1'], options: { views: ['0x6d70f7ae'] } },
  ])
})

test('who has power over it, or is known to act for others, gives rights unseen, as far as calls can be read', () => {
  const of = (place: number, kind: 'power' | 'use' | 'value', rest: Partial<ContractFacts> = {}): NamedFacts => ({
    ...{ name: `named${place}`, kind: null, role: 'dependency' as const },
    facts: { address: account(place), form: 'contract', balance: 0n, codes: [], forwards: false, ...rest },
    pointers: [{ from: account(1), to: account(place), kind, name: null, where: 'its storage (slot 1)' }],
  })
  const pool: NamedFacts = { ...of(1, 'use'), name: 'pool', role: 'protected', pointers: [] }
  const safe = { safe: { version: '1.4.1', threshold: 2, owners: [], modules: [], why: '' } }
  const all = [
    pool,
    of(2, 'power'),
    of(3, 'use', safe),
    of(4, 'use'),
    of(5, 'power', { form: 'account' }),
    of(6, 'value'),
  ]
  const rights = new Map([[account(1), ['0x6d70f7ae'] as const]])
  const givers = (contracts: NamedFacts[], traces: boolean) =>
    proposeRights(contracts, rights, { traces }).map(({ options }) => options?.givers)
  expect(givers(all, true)).toEqual([['$named2', '$named3']])
  const wallet: Hex = `0x63${toFunctionSelector('isOwner(address)').slice(2)}14`
  expect(givers([pool, of(7, 'use', { codes: [wallet] })], true)).toEqual([['$named7']])
  expect(givers(all, false)).toEqual([undefined])
  expect(givers([pool, ...Array.from({ length: 12 }, (_, n) => of(n + 2, 'power'))], true)[0]).toHaveLength(8)
})
