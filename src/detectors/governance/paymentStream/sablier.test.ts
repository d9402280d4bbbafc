import { toEventSelector, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ana,
  cfa,
  clerk,
  coin,
  dao,
  dollar,
  paid,
  sablier,
  streamScene,
  thief,
  usdc,
} from '../../../../test/harness/detectors/paymentStreamScene.ts'
import { account, event, log } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

describe('streams of Sablier Lockup 4', () => {
  const linear =
    'event CreateLockupLinearStream(uint256 indexed streamId, (address funder, address sender, address recipient, uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, string shape) commonParams, uint40 cliffTime, uint40 granularity, (uint128 start, uint128 cliff) unlockAmounts)'
  const gated =
    'event CreateLockupPriceGatedStream(uint256 indexed streamId, address indexed oracle, uint128 targetPrice)'
  const nft = 'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)'
  const minted = (to = thief) => event(nft, sablier, { from: account(0), to, tokenId: 9n })
  const opened = event(gated, sablier, { streamId: 9n, oracle: cfa, targetPrice: 10n ** 12n })

  test('that unlock by the second are told of', () => {
    const { see, world } = streamScene()
    world.holds(usdc, dao, 700_000n * dollar)
    const created4 = event(linear, sablier, {
      streamId: 9n,
      commonParams: {
        ...{ funder: dao, sender: clerk, recipient: thief, depositAmount: 300_000n * dollar, token: usdc },
        ...{ cancelable: true, transferable: true, timestamps: { start: 1, end: 2_000_000_000 }, shape: '' },
      },
      ...{ cliffTime: 0, granularity: 1, unlockAmounts: { start: 0n, cliff: 0n } },
    })
    expect(see([paid(300_000n), created4]).claims).toMatchObject([
      {
        title: expect.stringContaining('300,000 usdc by a stream of Sablier Lockup: 30 %'),
        evidence: 'hard',
        facts: { ender: clerk, recipient: thief, end: 2_000_000_000 },
      },
    ])
  })

  test('that unlock by a price name nobody: who paid and is paid shows beside them', () => {
    const { see, world } = streamScene()
    world.holds(usdc, dao, 700_000n * dollar)
    const [claim] = see([minted(), paid(300_000n), opened]).claims
    expect(claim).toMatchObject({
      title: expect.stringContaining('pays 0x0000…7777 300,000 usdc by a stream of Sablier Lockup: 30 %'),
      evidence: 'hard',
      facts: { payer: dao, recipient: thief, token: usdc, streamId: '9' },
    })
    expect(claim).not.toHaveProperty('severity')
  })

  test('that somebody else pays, or that nothing was paid for, are nothing to us', () => {
    const { see } = streamScene()
    const others = transferLog(usdc, { from: ana, to: sablier, value: 300_000n * dollar })
    // Ours paid something, but another than the last that came in before it.
    expect(see([paid(1n), minted(), others, opened])).toMatchObject({ claims: [], blind: [] })
    expect(see([minted(dao), opened, paid(300_000n)])).toMatchObject({ claims: [], blind: [] })
  })
})

describe('the rate of a stream of Sablier Flow', () => {
  const adjust =
    'event AdjustFlowStream(uint256 indexed streamId, uint256 totalDebt, uint128 oldRatePerSecond, uint128 newRatePerSecond)'
  /** A whole token a day. */
  const daily = (dollars: bigint) => (dollars * coin) / 86_400n + 1n
  const adjusted = (from: bigint, to: bigint, contractAt = sablier) =>
    event(adjust, contractAt, {
      ...{ streamId: 7n, totalDebt: 0n, oldRatePerSecond: daily(from), newRatePerSecond: daily(to) },
    })
  const ask = (name: string) => `call ${sablier} ${toFunctionSelector(`${name}(uint256)`)}${word(7n).slice(2)}`
  function flowScene(payer: Address = dao, streams = [sablier]) {
    const one = streamScene({ streams })
    one.world.set(ask('getSender'), word(payer)).set(ask('getRecipient'), word(thief)).set(ask('getToken'), word(usdc))
    return one
  }

  test('is told of where it is raised to much, and is low where it is lowered', () => {
    const { see } = flowScene()
    expect(see([adjusted(100n, 5_000n)]).claims).toMatchObject([
      {
        severity: 'medium',
        title:
          'dao pays 0x0000…7777 5,000 usdc a day instead of 100 usdc by a stream of Sablier Flow, which empties it within 200 days',
        facts: { streamId: '7', recipient: thief, token: usdc },
      },
    ])
    expect(see([adjusted(5_000n, 4_000n)]).claims).toMatchObject([{ severity: 'low' }])
    expect(see([adjusted(5_000n, 5_001n)]).claims).toMatchObject([{ severity: 'medium' }])
    expect(see([adjusted(100n, 101n)]).claims).toMatchObject([{ severity: 'low' }])
  })

  test('is nothing to us where others pay, or in a contract that the config does not name', () => {
    expect(flowScene(ana).see([adjusted(100n, 5_000n)])).toMatchObject({ claims: [], blind: [] })
    expect(flowScene(dao, []).see([adjusted(100n, 5_000n)])).toMatchObject({ claims: [], blind: [] })
    expect(flowScene().see([adjusted(100n, 5_000n, cfa)])).toMatchObject({ claims: [], blind: [] })
  })

  test('after a pause counts as a new stream', () => {
    const { see } = flowScene()
    const restarted = event(
      'event RestartFlowStream(uint256 indexed streamId, address indexed sender, uint128 ratePerSecond)',
      sablier,
      { streamId: 7n, sender: dao, ratePerSecond: daily(5_000n) },
    )
    expect(see([restarted]).claims).toMatchObject([
      { severity: 'medium', title: expect.stringContaining('a day by a stream of Sablier Flow, which empties it') },
    ])
  })

  test('is blindness where it cannot be read', () => {
    const { see, world } = flowScene()
    const cut = log({ ...adjusted(1n, 2n), data: '0x12' })
    expect(see([cut])).toMatchObject({ claims: [], blind: [expect.stringContaining('AdjustFlowStream')] })
    world.down.add(sablier)
    expect(see([adjusted(100n, 5_000n)])).toMatchObject({
      claims: [],
      blind: [expect.stringContaining('who pays whom')],
    })
    const flood = flowScene().see(Array.from({ length: 9 }, () => adjusted(100n, 5_000n)))
    expect([flood.claims.length, flood.blind]).toEqual([8, ['More than 8 streams got another rate in one block']])
  })
})

test('the events are those of the contracts', () => {
  // As published: of Superfluid's CFA, LlamaPay, and Sablier Lockup 1.1.
  const { watch } = streamScene()
  const topics = watch.watch.interests.flatMap((each) => ('topics' in each ? (each.topics ?? []) : []))
  expect(topics).toContain(toEventSelector('FlowUpdated(address,address,address,int96,int256,int256,bytes)'))
  expect(topics).toContain(toEventSelector('StreamCreated(address,address,uint216,bytes32)'))
  expect(topics).toContain(
    toEventSelector(
      'CreateLockupLinearStream(uint256,address,address,address,(uint128,uint128,uint128),address,bool,bool,(uint40,uint40,uint40),address)',
    ),
  )
})
