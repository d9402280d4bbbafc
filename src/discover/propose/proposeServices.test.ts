import { keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeServices as propose } from './proposeServices.ts'

const proposeServices = (contracts: NamedFacts[], traces = false) => propose(contracts, { traces })
const [vault, keeper, relayer] = [account(1), account(2), account(3)]

function named(name: string, address: ContractFacts['address'], rest: Partial<NamedFacts> = {}): NamedFacts {
  const facts: ContractFacts = { address, form: 'contract', balance: 0n, codes: ['0x60'], forwards: false }
  return { name, kind: null, role: 'dependency', facts, pointers: [], ...rest }
}
const tie = (name: string, where: string) => [{ from: vault, to: keeper, kind: 'power' as const, name, where }]
const own = named('vault', vault, { role: 'protected' })

test('whoever works for a contract is followed, and the contract asked who may', () => {
  expect(proposeServices([own, named('vaultKeeper', keeper, { pointers: tie('keeper', 'keeper()') })])).toEqual([
    {
      name: 'vault-keeper',
      use: 'service-health',
      on: ['vault'],
      options: { services: ['$vaultKeeper'], namedBy: '0xaced1661' },
      why: ['vault has a keeper (keeper()): it learns how often they work, and tells when they are silent.'],
    },
  ])
})

test('all who hold one role are one service', () => {
  const holders = [keeper, relayer].map((address, place) =>
    named(`relayer${place}`, address, { pointers: tie('relayer', 'RELAYER_ROLE') }),
  )
  expect(proposeServices([own, ...holders])).toMatchObject([
    { options: { services: ['$relayer0', '$relayer1'], role: keccak256(toHex('RELAYER_ROLE')) } },
  ])
})

test('a contract that works for a contract is seen inside transactions, where a provider tells of them', () => {
  const all = [own, named('executor', keeper, { pointers: tie('executor', 'executor()') })]
  expect(proposeServices(all, true)).toMatchObject([{ options: { internal: 'touching' } }])
  expect(proposeServices(all)[0]!.options).not.toHaveProperty('internal')
  all[1]!.facts.form = 'account'
  expect(proposeServices(all, true)[0]!.options).not.toHaveProperty('internal')
})

test('owners are no service, nor is whoever may execute in a timelock', () => {
  const timelock = named('timelock', vault)
  timelock.facts.timelock = { minDelaySeconds: 1n, why: '' }
  expect(proposeServices([own, named('owner', keeper, { pointers: tie('owner', 'owner()') })])).toEqual([])
  expect(
    proposeServices([timelock, named('executor', keeper, { pointers: tie('executor', 'EXECUTOR_ROLE') })]),
  ).toEqual([])
})
