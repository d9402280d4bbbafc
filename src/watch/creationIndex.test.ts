import { expect, test } from 'vitest'
import { account, block as serveBlock, tx } from '../../test/harness/node/block.ts'
import { modelBlock } from '../../test/harness/scene.ts'
import { monitor } from '../../test/harness/watchScene.ts'
import type { Address, Hex } from '../model/chain.ts'
import { createDispatchIndex } from './dispatchIndex.ts'

const vault: Address = `0xa1${'7a'.repeat(19)}`
const other: Address = `0xb1${'7b'.repeat(19)}`
const holding = (address: Address): Hex => `0x6080604073${address.slice(2)}5af1`
const interests = [{ kind: 'creation' as const, naming: [vault] }]
const one = monitor('one', { interests, detect: () => ({}) })
const blockOf = (...inputs: [to: Address | null, input: Hex][]) =>
  modelBlock(serveBlock({ transactions: inputs.map(([to, input]) => tx({ to, input })) }))

test('a monitor is handed the creations whose code names its contracts, with their receipts, and no others', () => {
  const index = createDispatchIndex([one])
  const block = blockOf([null, holding(other)], [account(1), holding(vault)], [null, holding(vault)])
  expect(index.wantsReceipts(block)).toBe(true)
  const [outcome, ...rest] = index.match(block).get(one)!.outcomes
  expect(rest).toEqual([])
  expect(outcome?.transaction.index).toBe(2)
  expect(outcome?.receipt?.contractAddress).toMatch(/^0x/)
})

test('other creations and calls cost no receipts', () => {
  const index = createDispatchIndex([one])
  const quiet = blockOf([null, holding(other)], [account(1), holding(vault)])
  expect(index.wantsReceipts(quiet)).toBe(false)
  expect(index.match(quiet).size).toBe(0)
  expect(createDispatchIndex([]).match(blockOf([null, holding(vault)])).size).toBe(0)
})

test('who asks in two ways is handed a creation once', () => {
  const from = account(0xa11ce)
  const both = monitor('both', {
    interests: [...interests, { kind: 'transaction', touching: [from] }],
    detect: () => ({}),
  })
  expect(
    createDispatchIndex([both])
      .match(blockOf([null, holding(vault)]))
      .get(both)?.outcomes,
  ).toHaveLength(1)
})
