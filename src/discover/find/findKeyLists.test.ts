import { encodeAbiParameters, type Hex, size, stringToHex, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../demo/connect.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { nameContracts } from '../facts/nameContracts.ts'
import { findKeyLists } from './findKeyLists.ts'

let anvil: Anvil
let client: ChainClient

beforeAll(async () => {
  anvil = await startAnvil({ keepsAll: true })
  client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
})
afterAll(async () => {
  client.close()
  await anvil.stop()
})

const selector = toFunctionSelector('getMembers()')
const [ana, ben] = [`0x${'a1'.repeat(20)}`, `0x${'b2'.repeat(20)}`] as [Address, Address]
const listOf = (...accounts: Address[]) => encodeAbiParameters([{ type: 'address[]' }], [accounts])
const bytesOf = (bytes: Hex) => encodeAbiParameters([{ type: 'bytes' }], [bytes])
const hex = (number: number) => number.toString(16).padStart(4, '0')

/** A contract that speaks of one function and answers everything with the same. */
const answering = (answer: Hex): Hex => {
  const head = 19
  return `0x63${selector.slice(2)}50${`61${hex(size(answer))}`}${`61${hex(head)}`}5f39${`61${hex(size(answer))}`}5ff3${answer.slice(2)}`
}

let places = 0xc0de
async function placed(answer: Hex): Promise<Address> {
  const address: Address = `0x${'77'.repeat(18)}${hex(places++)}`
  await connect(anvil.rpcUrl).setCode({ address, bytecode: answering(answer) })
  return address
}

async function found(address: Address, role: 'protected' | 'dependency' = 'protected') {
  const { header, facts } = await inspectContracts(client, [address])
  const named = nameContracts(
    facts.map((each) => ({ facts: each, role })),
    [],
  )
  return [...(await findKeyLists(client, header, named)).values()]
}

test('accounts whose keys count are a list, and so are keys as bytes', async () => {
  expect(await found(await placed(listOf(ana, ben)))).toEqual([[selector]])
  expect(await found(await placed(bytesOf(`0x04${'9f'.repeat(64)}`)))).toEqual([[selector]])
})

test('contracts, an empty list, a text, a few bytes and what is cut short are none', async () => {
  const contract = await placed(listOf())
  for (const answer of [
    listOf(contract),
    listOf(),
    bytesOf(stringToHex('ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')),
    bytesOf(`0x${'9f'.repeat(19)}`),
    listOf(ana, ben).slice(0, -64) as Hex,
    encodeAbiParameters([{ type: 'uint256' }], [2n]),
  ]) {
    expect(await found(await placed(answer))).toEqual([])
  }
})

test('a list that grows with use is none, and neither is one of a contract that ours do not name', async () => {
  const address = await placed(listOf(ana))
  await connect(anvil.rpcUrl).mine({ blocks: 9 })
  expect(await found(address)).toEqual([[selector]])
  expect(await found(address, 'dependency')).toEqual([])
  await connect(anvil.rpcUrl).setCode({ address, bytecode: answering(listOf(ana, ben)) })
  await connect(anvil.rpcUrl).mine({ blocks: 1 })
  expect(await found(address)).toEqual([])
})
