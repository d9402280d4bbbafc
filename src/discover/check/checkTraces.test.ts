import { afterEach, expect, test } from 'vitest'
import { account, chain, tx } from '../../../test/harness/node/block.ts'
import type { Fault } from '../../../test/harness/node/faults.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { fetchHeader } from '../../evm/fetchBlock.ts'
import { checkChain } from './checkChain.ts'
import type { Need } from './checkProvider.ts'
import { checkTraces } from './checkTraces.ts'

/** The last three are empty. */
const blocks = chain(8, (place) => (place < 5 ? [tx({ to: account(1) })] : []))
const untraced: Fault = {
  kind: 'error',
  code: -32601,
  message: 'the method does not exist',
  methods: ['debug_traceTransaction', 'trace_transaction', 'debug_traceBlockByHash', 'trace_block'],
}

const nodes: TestNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

async function start(faults: Fault[] = [], served = blocks): Promise<TestNode> {
  const node = await startNode({ blocks: served })
  nodes.push(node)
  for (const fault of faults) node.faults.add(fault)
  return node
}

async function check(faults: Fault[], served = blocks) {
  const client = openTestClient((await start(faults, served)).url)
  return checkTraces(client, (await fetchHeader(client, 'latest'))!)
}

test('asks for the trace of the newest transaction', async () => {
  expect(await check([])).toMatchObject({ level: 'ok' })
  expect(await check([{ ...untraced, methods: untraced.methods!.slice(0, 3) }])).toMatchObject({ level: 'ok' })
  expect(await check([untraced])).toMatchObject({
    level: 'problem',
    message: expect.stringContaining('does not exist'),
    hint: expect.stringContaining('debug_traceTransaction'),
  })
})

test('takes an empty answer for none', async () => {
  const empty: Fault = { kind: 'rewrite', methods: untraced.methods!, rewrite: () => ({}) }
  expect(await check([empty])).toMatchObject({ level: 'problem' })
})

test('does not judge by empty blocks', async () => {
  const quiet = chain(3, () => [])
  expect(await check([untraced], quiet)).toMatchObject({ level: 'note' })
})

test('is a problem of a chain only where none of its providers can, and a monitor needs it', async () => {
  const [blind, able] = [await start([untraced]), await start()]
  const levels = async (of: TestNode[], needs: Need[]) => {
    const { verdicts } = await checkChain(
      {
        id: 1,
        staleAfterMs: Number.POSITIVE_INFINITY,
        providers: of.map(({ url }) => openTestClient(url)),
        contracts: [],
        needs: new Set(needs),
        wantsReceipts: () => false,
      },
      new Date(),
    )
    return verdicts.flatMap(({ level, message }) => (/call traces|calls inside/.test(message) ? [level] : []))
  }
  expect(await levels([blind, able], ['traces'])).toEqual(['note', 'ok'])
  expect(await levels([blind], ['traces'])).toEqual(['problem'])
  expect(await levels([blind], ['logs'])).toEqual([])
})
