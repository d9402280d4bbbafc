import { createPublicClient, http, parseAbiItem } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../demo/connect.ts'
import { deployProtocol } from '../../demo/deployProtocol.ts'
import { startAnvil } from '../../demo/startAnvil.ts'
import { account, chain } from '../../test/harness/node/block.ts'
import { RpcError as NodeError } from '../../test/harness/node/jsonRpc.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { word } from '../../test/harness/scene.ts'
import type { Address, Hex } from '../model/chain.ts'
import { type Read, readKey } from '../model/read.ts'
import { proxySlots } from './proxySlots.ts'
import { readState } from './readState.ts'
import { createChainClient } from './rpc/chainClient.ts'
import { createProvider } from './rpc/provider.ts'

const head = chain(3).at(-1)!
const [proxy, beacon, v1, v2] = [0x70, 0x71, 0xb1, 0xb2].map((number) => account(number)) as [
  Address,
  Address,
  Address,
  Address,
]
const read: Read = { at: 'parent', kind: 'implementation', of: proxy }

/** Words by slot, answers to `implementation()` by address; who is not in it reverts. */
type State = { slots?: Partial<Record<keyof typeof proxySlots, Hex>>; answers?: Record<Address, Hex> }

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks: chain(3) })
})
afterEach(() => node.close())

function hold({ slots = {}, answers = {} }: State): void {
  node.state = (method, params) => {
    if (method === 'eth_getStorageAt') {
      const name = Object.entries(proxySlots).find(([, slot]) => slot === params[1])?.[0] as keyof typeof proxySlots
      return slots[name] ?? word(0)
    }
    const { to, data } = params[0] as { to: Address; data: Hex }
    const answer = data === '0x5c60da1b' ? answers[to] : undefined
    if (answer === undefined) throw new NodeError(3, 'execution reverted', '0x')
    return answer
  }
}

const implementation = async () => (await readState(openTestClient(node.url), head, [read])).get(readKey(read))

test.each<[string, State, Address]>([
  [
    'the slot of ERC-1967',
    { slots: { implementation: word(v1), proxiable: word(v2) }, answers: { [proxy]: word(v2) } },
    v1,
  ],
  ['the slot of the first OpenZeppelin proxies', { slots: { legacyImplementation: word(v1) } }, v1],
  ['the slot of ERC-1822', { slots: { proxiable: word(v1) } }, v1],
  ['what the proxy says itself', { answers: { [proxy]: word(v1) } }, v1],
  [
    'the beacon that the slot names',
    { slots: { beacon: word(beacon) }, answers: { [beacon]: word(v2), [proxy]: word(v1) } },
    v2,
  ],
  ['nobody', {}, account(0)],
  ['nobody, where the slot holds no address', { slots: { implementation: `0x${'ff'.repeat(32)}` } }, account(0)],
])('an implementation is read from %s', async (_, state, expected) => {
  hold(state)
  expect(await implementation()).toEqual({ ok: true, data: word(expected) })
})

test('takes one request, and a second only for what stands behind a beacon', async () => {
  const client = openTestClient(node.url)
  hold({ slots: { implementation: word(v1) } })
  await readState(client, head, [read, { at: 'parent', kind: 'balance', of: v1 }])
  expect(node.requests.batchSizes).toEqual([1, 6])
  hold({ slots: { beacon: word(beacon) }, answers: { [beacon]: word(v2) } })
  await readState(client, head, [read])
  expect(node.requests.batchSizes).toEqual([1, 6, 5, 1])
})

describe('is unknown', () => {
  test('where a place that counts could not be read', async () => {
    hold({ slots: { proxiable: word(v1) } })
    const whole = node.state
    node.state = (method, params) => {
      if (params[1] === proxySlots.beacon) throw new NodeError(-32000, 'missing trie node')
      return whole(method, params)
    }
    expect(await implementation()).toMatchObject({ ok: false, reason: expect.stringContaining('missing trie node') })
  })

  test('where the beacon does not answer', async () => {
    hold({ slots: { beacon: word(beacon) } })
    const reason = `the beacon ${beacon} names no implementation`
    expect(await implementation()).toEqual({ ok: false, reverted: false, reason })
  })
})

test('agrees with what a real proxy told when it was made, and not before', async () => {
  const anvil = await startAnvil()
  try {
    const connection = connect(anvil.rpcUrl)
    const { address } = (await deployProtocol(connection)).contracts.vault
    const event = parseAbiItem('event Upgraded(address indexed implementation)')
    const publicClient = createPublicClient({ transport: http(anvil.rpcUrl) })
    const [made] = await publicClient.getLogs({ address, event, fromBlock: 0n })
    const { parentHash } = await publicClient.getBlock({ blockHash: made!.blockHash })
    const reads = (['parent', 'block'] as const).map((at): Read => ({ at, kind: 'implementation', of: address }))
    const client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
    const answers = await readState(client, { hash: made!.blockHash, parentHash }, reads)
    const told = made!.args.implementation!.toLowerCase() as Address
    expect(reads.map((each) => answers.get(readKey(each)))).toEqual([
      { ok: true, data: word(0) },
      { ok: true, data: word(told) },
    ])
  } finally {
    await anvil.stop()
  }
})
