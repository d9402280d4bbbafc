import { type Abi, parseAbi, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { checkContract } from './checkContract.ts'

const [proxy, v1, v2] = [0x70, 0xb1, 0xb2].map((number) => account(number)) as [Address, Address, Address]
const pay = parseAbi(['function pay(uint256 amount)'])
const other = parseAbi(['function other()'])
const facts: ContractFacts = {
  address: proxy,
  form: 'contract',
  balance: 0n,
  codes: [`0x6000${toFunctionSelector('pay(uint256)').slice(2)}`],
  forwards: false,
  proxy: { pattern: 'erc1967', implementation: v1, beacon: null, admin: null, why: 'its slot names it' },
}
const verdicts = (implementations: [Address, Abi][], abi?: Abi, of = facts) =>
  checkContract(contract('vault', proxy, { implementations: new Map(implementations), ...(abi && { abi }) }), of)
    .filter(({ at }) => at !== 'address')
    .map(({ at, level, message }) => [at, level, message])

test('says which implementation a proxy has, and whether its ABI fits', () => {
  expect(
    verdicts([
      [v2, other],
      [v1, pay],
    ]),
  ).toEqual([
    ['implementations', 'ok', `its implementation is ${v1}`],
    ['implementations', 'ok', 'its ABI fits'],
  ])
  expect(verdicts([[v1, other]])[1]).toEqual(['implementations', 'problem', expect.stringContaining('other()')])
})

test('calls it a problem that there is no ABI for it, unless `abi` stands for it', () => {
  const missing = `Its implementation is ${v1}, and \`implementations:\` gives no ABI for it`
  expect(verdicts([[v2, other]])).toEqual([['implementations', 'problem', `${missing}.`]])
  expect(verdicts([[v2, other]], pay)).toEqual([
    ['implementations', 'note', `${missing}: \`abi:\` stands for it.`],
    ['abi', 'ok', 'its ABI fits'],
  ])
})

test.each(['erc1167', 'safe'] as const)('wants `abi` for a proxy that cannot be followed (%s)', (pattern) => {
  const quiet = { ...facts, proxy: { ...facts.proxy!, pattern } }
  const missing = `Its implementation, ${v1}, is named by no slot and no \`implementation()\``
  expect(verdicts([[v1, pay]], undefined, quiet)).toEqual([['implementations', 'problem', `${missing}.`]])
  expect(verdicts([[v1, pay]], pay, quiet)).toEqual([
    ['implementations', 'note', `${missing}: \`abi:\` stands for it.`],
    ['abi', 'ok', 'its ABI fits'],
  ])
})

test('notes where nothing tells whose code it runs', () => {
  const { proxy: _, ...plain } = facts
  expect(verdicts([[v1, pay]], undefined, plain)).toEqual([
    ['implementations', 'note', 'Nothing tells whose code it runs.'],
  ])
})
