import { toEventSelector, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, event, log, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { paymentStream } from './paymentStream.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [dao, usdc, usdcx, sablier, llama, cfa, thief, ana, timelock, clerk, council] = Array.from(
  { length: 11 },
  (_, n) => numbered(n + 1),
) as [...[Address, Address, Address, Address, Address, Address], ...[Address, Address, Address, Address, Address]]
const dollar = 10n ** 6n
const coin = 10n ** 18n
const names = [
  contract('usdc', usdc, { kind: 'erc20', role: 'dependency' }),
  contract('usdcx', usdcx, { kind: 'erc20', role: 'dependency' }),
  contract('timelock', timelock, { kind: 'timelock', role: 'dependency' }),
  contract('council', council, { kind: 'safe', role: 'dependency' }),
]
const flow =
  'event FlowUpdated(address indexed token, address indexed sender, address indexed receiver, int96 flowRate, int256 totalSenderFlowRate, int256 totalReceiverFlowRate, bytes userData)'
const lockup =
  'event CreateLockupLinearStream(uint256 indexed streamId, (address funder, address sender, address recipient, uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, string shape) commonParams, uint40 cliffTime, (uint128 start, uint128 cliff) unlockAmounts)'
const created = 'event StreamCreated(address indexed from, address indexed to, uint216 amountPerSec, bytes32 streamId)'

/** A treasury of 1,000,000 dollars, and as many that flow. */
function streamScene(options: object = {}) {
  const world = new World()
    .token(usdc, 'USDC', 6)
    .token(usdcx, 'USDCx', 18)
    .holds(usdc, dao, 1_000_000n * dollar)
    .holds(usdcx, dao, 1_000_000n * coin)
    .settle()
  const watch = scene(paymentStream, [contract('dao', dao)], { options, names, world })
  const see = (logs: SomeLog[], rest: Parameters<typeof tx>[0] = {}) =>
    watch.see({ transactions: [tx({ from: clerk, to: dao, logs, ...rest })] })
  return { world, watch, see }
}

/** So many dollars a month of thirty days, to the dollar. */
const flowing = (dollars: bigint, to = thief, token = usdcx) => {
  const flowRate = (dollars * coin) / (30n * 86_400n) + 1n
  const both = { totalSenderFlowRate: flowRate, totalReceiverFlowRate: flowRate, userData: '0x' }
  return event(flow, cfa, { token, sender: dao, receiver: to, flowRate, ...both })
}
const locked = (dollars: bigint, { to = thief, funder = dao, sender = dao, cancelable = true } = {}) =>
  event(lockup, sablier, {
    streamId: 7n,
    commonParams: {
      ...{ funder, sender, recipient: to, depositAmount: dollars * dollar, token: usdc, cancelable },
      ...{ transferable: true, timestamps: { start: 1, end: 2_000_000_000 }, shape: '' },
    },
    cliffTime: 0,
    unlockAmounts: { start: 0n, cliff: 0n },
  })
const paid = (dollars: bigint) => transferLog(usdc, { from: dao, to: sablier, value: dollars * dollar })

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

describe('what had been decided before', () => {
  const executed =
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)'
  const id = word(5n)
  const done = (to: Address, emitter = timelock) =>
    event(executed, emitter, { id, index: 0n, target: dao, value: 0n, data: `0x12345678${word(to).slice(2)}` })
  const scheduled = (world: World, at: bigint, delay = 86_400n) => {
    world.before.set(`call ${timelock} 0xd45c4435${id.slice(2)}`, word(at))
    world.before.set(`call ${timelock} 0xf27a0c92`, word(delay))
  }

  test('waits in a timelock: medium, with who had scheduled it', () => {
    const { see, world } = streamScene()
    scheduled(world, 2n)
    const [claim] = see([flowing(900_000n), done(thief)], { to: timelock }).claims
    expect(claim).toMatchObject({ severity: 'medium', facts: { planned: expect.stringContaining(timelock) } })
  })

  test('pages where the operation was never scheduled, is about somebody else, or the timelock is a stranger', () => {
    const pages = (logs: SomeLog[], at = 2n, delay?: bigint) => {
      const { see, world } = streamScene()
      scheduled(world, at, delay)
      const [claim] = see(logs).claims
      return claim !== undefined && claim.severity === undefined
    }
    expect(pages([flowing(900_000n), done(thief)])).toBe(false)
    expect(pages([flowing(900_000n), done(thief)], 0n)).toBe(true)
    expect(pages([flowing(900_000n), done(thief)], 2n, 0n)).toBe(true)
    expect(pages([flowing(900_000n), done(ana)])).toBe(true)
    expect(pages([flowing(900_000n), done(thief, numbered(99))])).toBe(true)
    expect(pages([done(thief), flowing(900_000n)])).toBe(true)
  })

  test('is signed by the owners of the Safe that pays, where what they signed names who is paid', () => {
    const signed = event('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)', dao, {
      txHash: word(1n),
      payment: 0n,
    })
    const { see } = streamScene()
    const input = `0x6a761202${word(thief).slice(2)}` as Hex
    expect(see([flowing(900_000n), signed], { input }).claims).toMatchObject([{ severity: 'medium' }])
    expect(see([flowing(900_000n), signed], { input: '0x6a761202' }).claims[0]).not.toHaveProperty('severity')
    // The Safe that the config names may rule the contract that pays; another is a stranger.
    const by = (safe: Address) => see([flowing(900_000n), { ...signed, address: safe }], { input }).claims[0]
    expect(by(council)).toMatchObject({ severity: 'medium', facts: { planned: expect.stringContaining(council) } })
    expect(by(numbered(99))).not.toHaveProperty('severity')
  })
})

describe('what anybody can write', () => {
  test('pages nobody: a contract of a stranger that names the treasury', () => {
    const { see } = streamScene()
    const said = see([flowing(900_000n), paid(900_000n), locked(900_000n)], { to: cfa }).claims
    expect(said).toMatchObject([
      {
        severity: 'low',
        confidence: 'low',
        evidence: 'soft',
        title: expect.stringContaining('nothing else bears out'),
      },
      { severity: 'low' },
    ])
    // Nothing of ours moved, and no topic names us.
    expect(see([locked(900_000n)], { to: cfa })).toMatchObject({ claims: [], blind: [] })
  })

  test('counts where a token that the config names bears it out, or the contract is named', () => {
    const { see, world } = streamScene()
    const selector = toFunctionSelector('realtimeBalanceOf(address,uint256)')
    const has = (at: number) => `call ${usdcx} ${selector}${word(dao).slice(2)}${word(at).slice(2)}`
    const drains = (perDay: bigint, at: number) => {
      world.set(has(at), 1_000_000n * coin).set(has(at + 86_400), (1_000_000n - perDay) * coin)
    }
    const start = 1_800_000_000
    const seen = (perDay: bigint, timestamp: number) => {
      drains(perDay, timestamp)
      return watch.see({ timestamp, transactions: [tx({ from: clerk, to: cfa, logs: [flowing(900_000n)] })] })
    }
    const watch = scene(paymentStream, [contract('dao', dao)], { names, world })
    expect(seen(30_001n, start).claims[0]).not.toHaveProperty('severity')
    expect(seen(29_000n, start + 12).claims).toMatchObject([{ severity: 'low' }])
    expect(see([flowing(900_000n)], { to: cfa }).claims).toMatchObject([{ severity: 'low' }])
    const named = streamScene({ streams: [cfa] })
    expect(named.see([flowing(900_000n)], { to: cfa }).claims[0]).not.toHaveProperty('severity')
  })

  test('is nothing to us where others pay, and malformed where it names ours', () => {
    const { see } = streamScene()
    expect(see([paid(900_000n), locked(900_000n, { funder: thief })])).toMatchObject({ claims: [], blind: [] })
    const cut = (logged: SomeLog): SomeLog => log({ ...logged, data: logged.data.slice(0, 74) as Hex })
    expect(see([cut(flowing(900_000n))])).toMatchObject({
      claims: [],
      blind: [expect.stringContaining('FlowUpdated')],
    })
    expect(see([paid(1n), cut(locked(900_000n))])).toMatchObject({ claims: [], blind: [] })
  })

  test('is bounded: a flood is judged in part, and that is said', () => {
    const { see } = streamScene()
    const flood = see(Array.from({ length: 40 }, (_, n) => flowing(900_000n, numbered(100 + n))))
    expect(flood.claims).toHaveLength(32)
    expect(flood.blind).toEqual(['More than 32 streams in one block: not all of them are judged'])
  })

  test('what could not be read is said of streams that are ours', () => {
    const { see, world } = streamScene()
    world.down.add(usdcx)
    expect(see([flowing(900_000n)])).toMatchObject({
      claims: [{ severity: 'medium', title: 'dao pays 0x0000…7777 by a stream of Superfluid' }],
      blind: [expect.stringContaining('could not be read')],
    })
    expect(see([flowing(900_000n)], { to: cfa })).toMatchObject({ claims: [{ severity: 'low' }], blind: [] })
    // A contract whose token nobody knows.
    const opened = event(created, llama, { from: dao, to: thief, amountPerSec: 1n, streamId: word(1n) })
    expect(see([opened]).blind).toEqual([expect.stringContaining('add it under contracts:')])
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
