import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { Address } from '../../model/chain.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import { proposeMap } from './proposeMap.ts'

const [vault, registry, oracle] = [account(1), account(2), account(3)]

function named(name: string, address: Address, pointers: Partial<Pointer>[] = [], rest: Partial<ContractFacts> = {}) {
  const facts: ContractFacts = { address, form: 'contract', balance: 0n, codes: ['0x60'], forwards: false, ...rest }
  const whole = pointers.map(
    (pointer): Pointer => ({ from: vault, to: address, kind: 'use', name: null, where: 'its code', ...pointer }),
  )
  const role = name === 'vault' ? 'protected' : 'dependency'
  return { name, kind: null, role, facts, pointers: whole } satisfies NamedFacts as NamedFacts
}
const own = named('vault', vault)
const linksOf = (contracts: NamedFacts[], others: Parameters<typeof proposeMap>[1] = []) =>
  proposeMap(contracts, others).flatMap(({ options }) => options?.links as object[])

test('what a contract names is kept with its reason: by getter, by slot, two steps far, and code that nobody can change', () => {
  const all = [
    own,
    named('registry', registry, [{ name: 'registry', where: 'registry()' }]),
    named('oracle', oracle, [{ from: registry, where: 'its storage (slot 17)' }]),
  ]
  expect(linksOf(all)).toEqual([
    { in: '$vault', what: 'registry', call: '0x7b103999', is: '$registry' },
    { in: '$registry', what: 'contract in slot 17', slot: '0x11', is: '$oracle', far: true },
    { in: '$registry', code: true },
  ])
  expect(proposeMap(all, [])[0]).toMatchObject({
    use: 'dependency-map',
    on: ['vault'],
    why: [
      'What these contracts rely on must stay what it is; whoever swaps a part of it need not touch the rest:',
      'vault: its registry is registry (registry()).',
      'registry: its storage (slot 17) holds oracle.',
      'registry: nobody is known who could change its code, so it must stay as it is.',
    ],
  })
})

test('what stands in a contract that names a watched one in turn is as near as what stands in that', () => {
  const all = [
    named('vault', vault, [{ from: registry, where: 'function 0x01020304' }]),
    named('registry', registry, [{ name: 'registry', where: 'registry()' }]),
    named('oracle', oracle, [{ from: registry, where: 'function 0x0a0b0c0d' }]),
  ]
  expect(linksOf(all)).toContainEqual({
    ...{ in: '$registry', what: 'function 0x0a0b0c0d', call: '0x0a0b0c0d', is: '$oracle', kin: true },
  })
})

test('what other monitors tell is not told twice', () => {
  const feed = named('feed', oracle, [{ kind: 'value', name: 'oracle', where: 'oracle()' }])
  const owner = named('owner', registry, [{ kind: 'power', name: 'owner', where: 'owner()' }], { form: 'account' })
  const others = [
    {
      name: 'a',
      use: 'oracle-config',
      on: ['vault'],
      options: { pointers: [{ in: '$vault', call: '0x7dc0d1d0' }] },
      why: [],
    },
    { name: 'b', use: 'privileged-change', on: ['feed'], why: [] },
  ]
  expect(linksOf([own, feed, owner], others)).toEqual([])
  expect(linksOf([own, feed, owner], [])).toHaveLength(2)
})

test('a list is compared as it is seen, and what cannot change is left out', () => {
  const asset = named('asset', registry, [{ kind: 'value', name: 'reserve', where: 'getReservesList()' }])
  expect(linksOf([own, asset])[0]).toEqual({ in: '$vault', what: 'list of reserves', call: '0xd1946dbc' })
  const pair = named('vault', vault, [], { pair: { token0: registry, token1: oracle, why: '' } })
  const token = named('token', registry, [{ kind: 'value', name: 'token0', where: 'token0()' }])
  expect(linksOf([pair, token])).toEqual([{ in: '$token', code: true }])
})

test('a map of hundreds stays a hundred links', () => {
  const crowd = Array.from({ length: 300 }, (_, place) =>
    named(`c${place}`, account(place + 10), [{ name: 'hook', where: `its storage (slot ${place})` }]),
  )
  expect(linksOf([own, ...crowd])).toHaveLength(100)
  expect(proposeMap([own, ...crowd], [])[0]!.why.length).toBeLessThan(25)
})

test('several addresses in one list are one link', () => {
  const assets = [registry, oracle].map((address, place) =>
    named(`asset${place}`, address, [{ kind: 'value', name: 'reserve', where: 'getReservesList()' }]),
  )
  expect(linksOf([own, ...assets]).filter((link) => 'call' in link)).toHaveLength(1)
})

test('a list of keys is compared as it is seen, of whatever contract', () => {
  const bridge = named('bridge', registry, [{ name: 'bridge', where: 'bridge()' }])
  const lists = new Map([[registry, ['0x9eab5253', '0x69d48074'] as const]])
  const links = proposeMap([own, bridge], [], lists)[0]?.options?.links
  expect(links).toEqual(
    expect.arrayContaining([
      { in: '$bridge', what: 'list of keys (0x9eab5253)', call: '0x9eab5253' },
      { in: '$bridge', what: 'list of keys (0x69d48074)', call: '0x69d48074' },
    ]),
  )
})
