import { afterAll, beforeAll, expect, test } from 'vitest'
import { getAttack } from '../../../demo/attacks.ts'
import { connect } from '../../../demo/connect.ts'
import { deployProtocol } from '../../../demo/deployProtocol.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import type { Block, Call } from '../../model/chain.ts'
import { fetchBlock } from '../fetchBlock.ts'
import { createChainClient } from '../rpc/chainClient.ts'
import { createProvider, type Provider } from '../rpc/provider.ts'
import { type TraceMethod, traceWays } from './traceWays.ts'

const methods = Object.keys(traceWays) as TraceMethod[]
let anvil: Anvil
let provider: Provider
const blocks: Block[] = []

beforeAll(async () => {
  anvil = await startAnvil()
  const connection = connect(anvil.rpcUrl)
  const protocol = await deployProtocol(connection)
  for (const attack of ['reentrancy-drain', 'failed-burst'])
    await getAttack(attack).run({ client: connection, protocol, pauseMs: 0 })
  provider = createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })
  const client = createChainClient([provider])
  const head = Number(await connection.getBlockNumber())
  // It keeps the states of 128 blocks, and traces no older ones.
  for (let number = head - 99; number <= head; number++)
    blocks.push((await fetchBlock(client, number, () => true))!.block)
})
afterAll(() => anvil.stop())

/** Without gas, and what came back from a call that failed, of which the ways tell more or less. */
const shown = ({ position, depth, kind, from, to, value, input, output, error, reverted }: Call) =>
  [position, depth, kind, from, to, value, input, error === null ? output : 'failed', reverted] as const

async function tracesBy(method: TraceMethod) {
  const lists = []
  for (const block of blocks) {
    for (const [hash, trace] of await traceWays[method](provider, block, block.transactions)) {
      lists.push({ hash, calls: trace.ok ? trace.calls.map(shown) : trace.reason })
    }
  }
  return lists
}

test('a real node tells the same calls in every way', async () => {
  const expected = await tracesBy('debug_traceTransaction')
  expect(expected.map(({ hash }) => hash)).toEqual(
    blocks.flatMap(({ transactions }) => transactions).map(({ hash }) => hash),
  )
  // The re-entrant strikes nest deep, the burst fails.
  const calls = expected.flatMap((each) => [...each.calls])
  expect(Math.max(...calls.map(([, depth]) => Number(depth)))).toBeGreaterThan(8)
  expect(calls.some(([, depth, kind]) => Number(depth) > 0 && kind === 'delegatecall')).toBe(true)
  expect(calls.filter((call) => call.at(-1) === true).length).toBeGreaterThan(39)
  for (const method of methods) expect([method, await tracesBy(method)]).toEqual([method, expected])
})
