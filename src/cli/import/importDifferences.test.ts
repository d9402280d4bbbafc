import { parseAbi } from 'viem'
import { afterAll, describe, expect, test } from 'vitest'
import {
  ana,
  at,
  ben,
  importScene,
  ozMonitorOf,
  send,
  testnet,
  token,
  transfer,
} from '../../../test/harness/importScene.ts'
import { call, chain, event, log, tx } from '../../../test/harness/node/block.ts'

const scene = importScene()
afterAll(() => scene.remove())

describe('an imported rule answers right where OpenZeppelin Monitor does not', () => {
  test('it knows a failed transaction in a block in which others log', async () => {
    const functions = [{ signature: 'transfer(address,uint256)' }]
    const monitors = ['Success', 'Failure', 'Any'].map((status) =>
      ozMonitorOf(status, { addresses: at(token), functions, transactions: [{ status }] }),
    )
    const transactions = [send(ben, 1n, { logs: [transfer(ana, ben, 1n)] }), send(ben, 2n, { status: 'reverted' })]
    expect(await scene.judged(monitors, transactions)).toEqual([
      'any-transfer-reverted: 1',
      'any-transfer: 0',
      'failure: 1',
      'success: 0',
    ])
    expect(scene.monitors(...monitors).words('dead')).toEqual([
      'Success: Its filter on Success let failed transactions pass in each block in which anything was logged.',
      'Failure: Its filter on Failure matched nothing in blocks in which anything was logged.',
    ])
  })

  test('it lives through a log without a topic', async () => {
    const monitor = ozMonitorOf('any', {
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const logs = [log({ address: token }), transfer(ana, ben, 1n)]
    expect(await scene.judged([monitor], [tx({ logs })])).toEqual(['any: 0/1'])
  })

  test('it keeps apart what several monitors know of one address', async () => {
    const part = (signature: string) => at(token, parseAbi([signature]))
    const pausing = ozMonitorOf('pausing', {
      addresses: part('function pause()'),
      functions: [{ signature: 'pause()' }],
    })
    const sending = ozMonitorOf('sending', {
      addresses: part('function transfer(address to, uint256 value)'),
      functions: [{ signature: 'transfer(address,uint256)', expression: 'value > 1' }],
    })
    const renamed = ozMonitorOf('renamed', {
      addresses: part('function transfer(address dst, uint256 wad)'),
      functions: [{ signature: 'transfer(address,uint256)', expression: 'wad > 2' }],
    })
    const transactions = [tx({ to: token, input: call('function pause()') }), send(ben, 2n), send(ben, 3n)]
    const expected = ['pausing-pause: 0', 'renamed-transfer: 2', 'sending-transfer: 1', 'sending-transfer: 2']
    expect(await scene.judged([pausing, sending, renamed], transactions)).toEqual(expected)
    const { words, imported } = scene.monitors(pausing, sending, renamed)
    expect(words('dead')).toHaveLength(3)
    expect(words('dead')[0]).toContain('there are 3 ABIs, and chance chose the one')
    expect(imported.contracts.map(({ address }) => address)).toEqual([token, token])
  })

  test('it compares integers of every width, bytes of every size and parts of tuples', async () => {
    const rules = {
      votes: ['Voted(address,uint96)', 'votes >= 1000000000000000000000'],
      tick: ['Moved(int24,bytes4,uint48)', 'tick < -100'],
      selector: ['Moved(int24,bytes4,uint48)', 'selector == 0xA9059CBB'],
      since: ['Moved(int24,bytes4,uint48)', 'since > 7 AND tick > -200'],
    } as const
    const monitors = Object.entries(rules).map(([name, [signature, expression]]) =>
      ozMonitorOf(name, { addresses: at(token), events: [{ signature, expression }] }),
    )
    const moved = (tick: number, selector: string, since: number) =>
      event('event Moved(int24 tick, bytes4 selector, uint48 since)', token, { tick, selector, since })
    const voted = (votes: bigint) =>
      event('event Voted(address indexed voter, uint96 votes)', token, { voter: ana, votes })
    const logs = [voted(10n ** 21n), voted(10n ** 21n - 1n), moved(-101, '0x00000000', 7), moved(-100, '0xa9059cbb', 8)]
    const expected = ['selector: 0/3', 'since: 0/3', 'tick: 0/2', 'votes: 0/0']
    expect(await scene.judged(monitors, [tx({ logs })])).toEqual(expected)
    const { words } = scene.monitors(...monitors)
    expect(words('lost')).toEqual([])
    expect(words('dead').map((line) => /is of type (\w+)/.exec(line)?.[1])).toEqual([
      'uint96',
      'int24',
      'bytes4',
      'uint48',
      'int24',
    ])
  })

  test('it watches one address on two chains, each by its own ABI', async () => {
    const other = {
      ...testnet,
      slug: 'other',
      chain_id: 2,
      rpc_urls: [{ type_: 'rpc', url: 'http://127.0.0.1:2/s3cret' }],
    }
    const monitor = ozMonitorOf('both', {
      networks: ['testnet', 'other'],
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const files = { 'networks/a.json': testnet, 'networks/b.json': other, 'monitors/a.json': monitor }
    const { env } = scene.import(files)
    expect(scene.written().monitors.both?.on).toEqual(['contract_000000', 'contract_000000_other'])
    const blocks = chain(2, () => [tx({ logs: [transfer(ana, ben, 1n)] })])
    expect((await scene.judge(env, blocks)).found).toHaveLength(4)
  })
})
