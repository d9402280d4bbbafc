import { expect, test } from 'vitest'
import { standardAbi } from './standardAbis.ts'

const transferOf = (kind?: string) =>
  standardAbi(kind).filter((item) => item.type === 'event' && item.name === 'Transfer')

test('has one Transfer, that of ERC-20 unless the kind says otherwise', () => {
  expect(transferOf()).toMatchObject([{ inputs: [{}, {}, { name: 'value' }] }])
  expect(transferOf('constructor')).toEqual(transferOf())
  expect(transferOf('safe')).toEqual(transferOf())
  expect(transferOf('erc721')).toMatchObject([{ inputs: [{}, {}, { name: 'tokenId', indexed: true }] }])
})
