import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ana,
  cfa,
  clerk,
  coin,
  created,
  dao,
  dollar,
  flow,
  flowing,
  llama,
  locked,
  numbered,
  paid,
  sablier,
  streamScene,
  thief,
  usdc,
  usdcx,
} from '../../../test/harness/detectors/paymentStreamScene.ts'
import { account, event, tx } from '../../../test/harness/node/block.ts'
import { word } from '../../../test/harness/scene.ts'

describe('a stream out of the treasury', () => {
  test('pages where it flows to a quarter of what there is in a month, and not one dollar below', () => {
    const { see } = streamScene()
    const [claim] = see([flowing(250_000n)]).claims
    expect(claim).toMatchObject({
      title: 'dao pays 0x0000…7777 8,333.33 usdcx a day by a stream of Superfluid, which empties it within 120 days',
      address: dao,
      measured: { limit: ['grave'], value: expect.closeTo(25, 3) },
      facts: { recipient: thief, token: usdcx, ender: dao },
    })
    expect(claim).not.toHaveProperty('severity')
    expect(see([flowing(249_999n)]).claims).toMatchObject([{ severity: 'medium' }])
    expect(see([flowing(100_000n)]).claims).toMatchObject([{ severity: 'medium' }])
    expect(see([flowing(99_999n)]).claims).toMatchObject([{ severity: 'low' }])
  })

  test('is told of by its deposit, and by who can end it', () => {
    const { see, world } = streamScene()
    world.holds(usdc, dao, 700_000n * dollar)
    const [claim] = see([paid(300_000n), locked(300_000n, { cancelable: false })]).claims
    expect(claim).toMatchObject({
      title: 'dao pays 0x0000…7777 300,000 usdc by a stream of Sablier Lockup: 30 % of what it held',
      evidence: 'hard',
      facts: { streamId: '7', end: 2_000_000_000, ender: 'nobody is known who can end it' },
    })
    expect(claim).not.toHaveProperty('severity')
    expect(see([paid(30_000n), locked(30_000n)]).claims).toMatchObject([{ severity: 'low', evidence: 'soft' }])
  })

  test('of the first Sablier, and of Lockup before its second version, is told of as well', () => {
    const { see, world } = streamScene()
    world.holds(usdc, dao, 700_000n * dollar)
    const first = event(
      'event CreateStream(uint256 indexed streamId, address indexed sender, address indexed recipient, uint256 deposit, address tokenAddress, uint256 startTime, uint256 stopTime)',
      sablier,
      {
        ...{ streamId: 1n, sender: dao, recipient: thief, deposit: 300_000n * dollar, tokenAddress: usdc },
        ...{ startTime: 1n, stopTime: 2n ** 255n },
      },
    )
    expect(see([paid(300_000n), first]).claims).toMatchObject([
      { title: expect.stringContaining('by a stream of Sablier: 30 %'), evidence: 'hard' },
    ])
    const lockup1 = event(
      'event CreateLockupLinearStream(uint256 streamId, address funder, address indexed sender, address indexed recipient, (uint128 deposit, uint128 protocolFee, uint128 brokerFee) amounts, address indexed asset, bool cancelable, bool transferable, (uint40 start, uint40 cliff, uint40 end) times, address broker)',
      sablier,
      {
        ...{ streamId: 2n, funder: dao, sender: clerk, recipient: thief, asset: usdc, cancelable: true },
        ...{ amounts: { deposit: 300_000n * dollar, protocolFee: 0n, brokerFee: 0n }, transferable: true },
        ...{ times: { start: 1, cliff: 1, end: 1_900_000_000 }, broker: account(0) },
      },
    )
    expect(see([paid(300_000n), lockup1]).claims).toMatchObject([
      { facts: { streamId: '2', payer: dao, end: 1_900_000_000, ender: clerk } },
    ])
  })

  test('of LlamaPay is held against what lies in its contract as well', () => {
    const { see, world } = streamScene()
    world.set(`call ${llama} 0xfc0c546a`, word(usdc))
    const opened = (dollars: bigint) => {
      const amountPerSec = (dollars * 10n ** 20n) / (30n * 86_400n) + 1n
      return event(created, llama, { from: dao, to: thief, amountPerSec, streamId: word(1n) })
    }
    expect(see([opened(300_000n)]).claims).toMatchObject([{ measured: { value: expect.closeTo(30, 3) } }])
    world.set(
      `call ${llama} ${toFunctionSelector('getPayerBalance(address)')}${word(dao).slice(2)}`,
      2_000_000n * dollar,
    )
    expect(see([opened(300_000n)]).claims).toMatchObject([{ severity: 'medium', facts: { share: '10 %' } }])
  })

  test('of Sablier Flow is a promise until it is funded', () => {
    const { see, world } = streamScene()
    const opened = event(
      'event CreateFlowStream(uint256 streamId, address creator, address indexed sender, address indexed recipient, uint128 ratePerSecond, uint40 snapshotTime, address indexed token, bool transferable)',
      sablier,
      {
        ...{ streamId: 3n, creator: clerk, sender: dao, recipient: thief, ratePerSecond: coin, snapshotTime: 1 },
        ...{ token: usdc, transferable: true },
      },
    )
    expect(see([opened]).claims).toMatchObject([{ severity: 'medium', facts: { share: '259.2 %' } }])
    const funded = event(
      'event DepositFlowStream(uint256 indexed streamId, address indexed funder, uint128 amount)',
      sablier,
      { streamId: 3n, funder: dao, amount: 400_000n * dollar },
    )
    world.holds(usdc, dao, 600_000n * dollar)
    const [claim] = see([paid(400_000n), funded]).claims
    expect(claim).toMatchObject({ title: expect.stringContaining('that it puts money into: 40 %'), evidence: 'hard' })
    expect(claim).not.toHaveProperty('severity')
  })

  test('counts with the others of a week: many small ones take as much as a large one', () => {
    const { watch, see } = streamScene()
    const start = 1_900_000_000
    const at = (days: number, n: number) =>
      watch.see({
        timestamp: start + days * 86_400,
        transactions: [tx({ from: clerk, to: dao, logs: [flowing(80_000n, numbered(100 + n))] })],
      }).claims
    expect(at(0, 0)).toMatchObject([{ severity: 'low' }])
    expect(at(1, 1)).toMatchObject([{ severity: 'medium' }])
    expect(at(2, 2)).toMatchObject([{ severity: 'medium' }])
    const [fourth] = at(3, 3)
    expect(fourth).not.toHaveProperty('severity')
    expect(fourth).toMatchObject({
      title: expect.stringContaining('; with 3 more within a week 32 %'),
      facts: { others: 3 },
    })
    // A week later those are no news any more, and one that is stopped takes nothing.
    expect(at(12, 4)).toMatchObject([{ severity: 'low' }])
    const stopped = event(flow, cfa, {
      ...{ token: usdcx, sender: dao, receiver: numbered(104), flowRate: 0n },
      ...{ totalSenderFlowRate: 0n, totalReceiverFlowRate: 0n, userData: '0x' },
    })
    see([stopped])
    expect(see([flowing(80_000n, numbered(105))]).claims).toMatchObject([{ severity: 'low' }])
  })

  test('to whom the config knows is told only where it is large', () => {
    const { see } = streamScene({ known: [ana] })
    expect(see([flowing(50_000n, ana)]).claims).toEqual([])
    expect(see([flowing(400_000n, ana)]).claims).toHaveLength(1)
  })
})

describe('how a stream goes on', () => {
  test('ended: it clears its alert; one that paid ours is worth more', () => {
    const { see } = streamScene({ streams: [sablier] })
    const [opened] = see([flowing(900_000n)]).claims
    const stopped = event(flow, cfa, {
      ...{ token: usdcx, sender: dao, receiver: thief, flowRate: 0n },
      ...{ totalSenderFlowRate: 0n, totalReceiverFlowRate: 0n, userData: '0x' },
    })
    const over = see([stopped])
    expect(over.claims).toMatchObject([{ severity: 'low' }])
    expect(over.cleared).toEqual([opened!.group])
    expect(see([stopped], { to: cfa }).cleared).toEqual([])
    const cancelled = event(
      'event CancelLockupStream(uint256 streamId, address indexed sender, address indexed recipient, address indexed token, uint128 senderAmount, uint128 recipientAmount)',
      sablier,
      { streamId: 1n, sender: ana, recipient: dao, token: usdc, senderAmount: 5n, recipientAmount: 1n },
    )
    expect(see([cancelled], { to: sablier }).claims).toMatchObject([
      { severity: 'medium', title: '0x0000…8888 stopped a stream of Sablier Lockup that paid dao' },
    ])
  })

  test('handed on to somebody else: told where ours pay it', () => {
    const { see, world } = streamScene({ streams: [sablier] })
    const handed = (streamId: bigint, from = ana) =>
      event('event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)', sablier, {
        ...{ from, to: thief, tokenId: streamId },
      })
    world.set(`call ${sablier} 0xb971302a${word(7n).slice(2)}`, word(dao))
    world.set(`call ${sablier} 0xb971302a${word(8n).slice(2)}`, word(ana))
    expect(see([handed(7n), handed(8n), handed(7n, account(0))], { to: sablier }).claims).toMatchObject([
      { severity: 'medium', title: '0x0000…7777 is now paid by the stream 7 of dao instead of 0x0000…8888' },
    ])
  })
})
