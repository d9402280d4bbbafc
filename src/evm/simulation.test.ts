import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArtifact } from '../../demo/artifact.ts'
import { connect } from '../../demo/connect.ts'
import { createStage, type Stage } from '../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { chain } from '../../test/harness/node/block.ts'
import { startNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import type { Address } from '../model/chain.ts'
import { type Probe, type Read, readKey, type SimulatedCall } from '../model/read.ts'
import { readState } from './readState.ts'
import { type ChainClient, createChainClient } from './rpc/chainClient.ts'
import { createProvider } from './rpc/provider.ts'
import { encodeSimulated, outcomesOf } from './simulation.ts'

const lower = (address: Hex) => address.toLowerCase() as Address
const word = (value: bigint | Hex): Hex => `0x${BigInt(value).toString(16).padStart(64, '0')}`
const simulation = (calls: SimulatedCall[], probes: Probe[], rest: { time?: number; rich?: true } = {}): Read => ({
  ...{ kind: 'simulation', at: 'block', calls, probes },
  ...rest,
})

describe('on a real chain', () => {
  const token = parseAbi([
    'function transfer(address to, uint256 amount)',
    'function balanceOf(address) view returns (uint256)',
  ])
  let anvil: Anvil
  let stage: Stage
  let client: ChainClient
  let dollar: Address
  let [owner, ana, ben]: Address[] = []

  beforeAll(async () => {
    anvil = await startAnvil()
    stage = await createStage(anvil.rpcUrl)
    client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
    ;[owner, ana] = stage.accounts.map(lower)
    ben = `0x${'be'.repeat(20)}`
    const made = await stage.deploy(readArtifact('DemoDollar'), { args: [owner] })
    await stage.call(made, 'mint', [ana, 100n])
    dollar = lower(made.address)
  })
  afterAll(() => anvil.stop())

  async function ask(read: Read) {
    const { hash, parentHash } = await connect(anvil.rpcUrl).getBlock()
    const [result] = (await readState(client, { hash, parentHash }, [read])).values()
    return result?.ok ? outcomesOf(result.data) : result
  }
  const pay = (amount: bigint): SimulatedCall => ({
    ...{ from: ana!, to: dollar },
    data: encodeFunctionData({ abi: token, functionName: 'transfer', args: [ben!, amount] }),
  })
  const holds = (of: Address): Probe => ({
    ...{ kind: 'call', to: dollar },
    data: encodeFunctionData({ abi: token, functionName: 'balanceOf', args: [of] }),
  })

  test('makes the calls one after the other, tells which failed, and what is so afterwards', async () => {
    const supply: Probe = { kind: 'storage', of: dollar, slot: word(2n) }
    const coins: SimulatedCall = { from: ana!, to: ben!, data: '0x', value: 7n }
    const probes: Probe[] = [
      supply,
      holds(ana!),
      { kind: 'balance', of: ben! },
      { ...supply, slot: word(99n) },
      holds(ben!),
    ]
    const ok = (value: bigint) => ({ ok: true, data: word(value) })
    expect(await ask(simulation([pay(60n), pay(60n), coins, pay(1n)], probes))).toMatchObject({
      calls: [{ ok: true }, { ok: false, reverted: true }, { ok: true, data: '0x' }, { ok: true }],
      after: [ok(100n), ok(39n), ok(7n), ok(0n), ok(61n)],
    })
    expect(await ask(simulation([], [holds(ana!)]))).toMatchObject({ after: [ok(100n)] })
  })

  test('lets contracts and those without coins call, and says who cannot pay along', async () => {
    expect(await ask(simulation([{ ...pay(0n), from: dollar }], []))).toMatchObject({ calls: [{ ok: true }] })
    const poor: SimulatedCall = { from: dollar, to: ben!, data: '0x', value: 1n }
    expect(await ask(simulation([poor], []))).toMatchObject({ ok: false, reverted: true })
    const rich = await ask(simulation([poor, pay(1n)], [{ kind: 'balance', of: ben! }, holds(ben!)], { rich: true }))
    expect(rich).toMatchObject({ calls: [{ ok: true }, { ok: true }], after: [{ data: word(1n) }, { data: word(1n) }] })
  })

  test('calls get the gas that is wanted', async () => {
    expect(await ask(simulation([{ ...pay(1n), gas: 26_000 }, pay(1n)], []))).toMatchObject({
      calls: [{ ok: false, reverted: true }, { ok: true }],
    })
  })

  test('is tried at the time that is wanted', async () => {
    // Answers the time.
    const clock = await stage.deploy({
      abi: [],
      bytecode: '0x6642 5f5260205ff3 5f52 6007 6019 f3'.replaceAll(' ', '') as Hex,
    })
    const call: SimulatedCall = { from: ana!, to: lower(clock.address), data: '0x' }
    const time = 4_000_000_000
    expect(await ask(simulation([call], [], { time }))).toMatchObject({
      calls: [{ ok: true, data: word(BigInt(time)) }],
    })
  })
})

describe('answers that are none', () => {
  const head = chain(2).at(-1)!
  const [one] = [`0x${'11'.repeat(20)}` as Address]
  const read = simulation([{ from: one, to: one, data: '0x' }], [{ kind: 'balance', of: one }])

  test('a provider that simulates nothing is told of in plain words', async () => {
    const node = await startNode({ blocks: chain(2) })
    try {
      const answers = await readState(openTestClient(node.url), head, [read])
      expect(answers.get(readKey(read))).toMatchObject({
        ...{
          ok: false,
          reverted: false,
          reason: expect.stringContaining('no provider simulates calls (eth_simulateV1)'),
        },
      })
    } finally {
      await node.close()
    }
  })

  const good = { status: '0x1', returnData: '0x05' }
  const answered = async (result: unknown, asked = read) => {
    const batch = async () => [{ ok: true as const, result }]
    return (await readState({ batch } as Partial<ChainClient> as ChainClient, head, [asked])).get(readKey(asked))
  }

  test.each([
    ['null', null],
    ['a block too few', [{ calls: [good] }]],
    ['a call too few', [{ calls: [good] }, { calls: [] }]],
    ['null for a block', [{ calls: [good] }, null]],
    ['half bytes', [{ calls: [good] }, { calls: [{ status: '0x1', returnData: '0x5' }] }]],
    ['a status that is none', [{ calls: [good] }, { calls: [{ status: 1, returnData: '0x' }] }]],
  ])('%s', async (_, result) => {
    expect(await answered(result)).toEqual({
      ok: false,
      reverted: false,
      reason: expect.stringContaining('no simulation'),
    })
  })

  test('are cut, and too many calls are not even read', async () => {
    const long = { status: '0x1', returnData: `0x${'ab'.repeat(5000)}` }
    const result = await answered([{ calls: [long] }, { calls: [good] }])
    expect(result?.ok && outcomesOf(result.data).calls).toEqual([{ ok: true, data: `0x${'ab'.repeat(1024)}` }])
    const many = simulation(
      Array.from({ length: 65 }, () => ({ from: one, to: one, data: '0x' as const })),
      [],
    )
    expect(await answered([], many)).toMatchObject({ ok: false, reason: expect.stringContaining('too much') })
  })

  test('what is packed comes out again', () => {
    const simulated = { calls: [], after: [{ ok: true as const, data: '0x01' as const }] }
    expect(outcomesOf(encodeSimulated(simulated))).toEqual(simulated)
  })
})

test('two simulations are the same question only where they do and ask the same', () => {
  const one = `0x${'11'.repeat(20)}` as Address
  const call: SimulatedCall = { from: one, to: one, data: '0x' }
  const keys = [
    simulation([call], []),
    simulation([call, call], []),
    simulation([{ ...call, value: 1n }], []),
    simulation([{ ...call, gas: 5 }], []),
    simulation([call], [{ kind: 'balance', of: one }]),
    simulation([call], [], { time: 5 }),
    simulation([call], [], { rich: true }),
  ].map(readKey)
  expect(new Set(keys).size).toBe(keys.length)
  expect(readKey(simulation([{ ...call, value: 0n }], []))).toBe(keys[0])
})
