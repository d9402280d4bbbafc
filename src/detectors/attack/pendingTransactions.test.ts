import { describe, expect, test } from 'vitest'
import { busiest } from '../../../test/harness/busiest.ts'
import { corpusReceiptBlocks, hasCorpus, recordedTraces } from '../../../test/harness/corpus.ts'
import { account, block, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, modelBlock, World, word } from '../../../test/harness/scene.ts'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import { parseBlock } from '../../evm/parseBlock.ts'
import { layCalls } from '../../evm/traces/layCalls.ts'
import { parseParityTraces } from '../../evm/traces/parseParityTraces.ts'
import type { Address, Block, Hex, Receipt, Trace, Transaction } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { PendingObservation } from '../../model/observation.ts'
import { type Read, type ReadResult, readKey } from '../../model/read.ts'
import { netOf } from './losses.ts'
import { pendingTransactions } from './pendingTransactions.ts'

const [vault, thief, robber, token, shares, other] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const hundred = 100n * 10n ** 18n
const sent = (from: Address, to: Address, value: bigint, emitter = token): SomeLog =>
  transferLog(emitter, { from, to, value })

function compile(on: Contract[], options: object = {}, names: Contract[] = []) {
  const watch = pendingTransactions.compile({
    options: pendingTransactions.options.parse(options),
    targets: on,
    names: new Map([...on, ...names].map((each) => [each.name, each])),
    when: undefined,
    chain: { name: 'testnet', id: 1 },
  })
  return watch.pending!
}

type Sent = { from?: Address; to?: Address | null; logs?: SomeLog[]; value?: bigint; isYoung?: boolean | null }
const ours = [contract('vault', vault)]

/** Hands the detector what a simulation showed, and answers only what it asked for. */
function judge(world: World, { from = thief, to = robber, isYoung = true, ...rest }: Sent, watch = compile(ours)) {
  const { transactions, receipts, ...header } = modelBlock(block({ transactions: [tx({ from, to, ...rest })] }))
  const [transaction, receipt] = [transactions[0]!, receipts![0]!]
  const whole: Block = { ...header, transactions, receipts }
  const outcome = { transaction, receipt }
  const view = { kind: 'block' as const, block: whole, logs: receipt.logs, outcomes: [outcome], ticked: false, isYoung }
  const asked = new Set([...watch.reads, ...watch.moreReads(view)].map(readKey))
  const state = (read: Read): ReadResult => {
    if (!asked.has(readKey(read))) throw new Error(`nobody asked for: ${readKey(read)}`)
    return world.answer(read)
  }
  const { claims = [], blind = [] } = watch.judge({ ...view, state })
  return { claims, blind, hash: transaction.hash }
}

/** The vault has a hundred of the token, and so much of it afterwards. */
const leaving = (left: bigint) => new World().holds(token, vault, hundred).settle().holds(token, vault, left)

describe('what a contract made just before would take', () => {
  test.each([
    [hundred / 10n, 'critical'],
    [hundred / 10n - 1n, 'high'],
    [hundred / 100n, 'high'],
    [hundred / 100n - 1n, undefined],
  ])('%d of a hundred coins of a token is %s', (amount, severity) => {
    const { claims, hash } = judge(leaving(hundred - amount), { logs: [sent(vault, robber, amount)] })
    expect(claims.map((claim) => claim.severity ?? 'high')).toEqual(severity ? [severity] : [])
    if (!severity) return
    expect(claims).toMatchObject([
      {
        ...{
          address: vault,
          transactionHash: hash,
          evidence: 'soft',
          group: expect.stringContaining(`pending ${thief} `),
        },
        title: expect.stringMatching(/^A pending transaction of .* out of vault, by a contract made just before$/),
        facts: { sender: thief, called: robber, signs: ['fresh'], losses: [{ amount: amount.toString() }] },
      },
    ])
  })

  test('is nothing where the contract is older, nobody knows how old, or its caller called ours himself', () => {
    const take = { logs: [sent(vault, thief, hundred)] }
    for (const rest of [{ isYoung: false }, { isYoung: null }, { to: vault }])
      expect(judge(leaving(0n), { ...take, ...rest }).claims).toEqual([])
  })

  test('is told of where it is done as the contract is made', () => {
    expect(judge(leaving(0n), { to: null, logs: [sent(vault, thief, hundred)] }).claims).toMatchObject([
      { severity: 'critical', facts: { signs: ['fresh'] } },
    ])
  })

  test('is no word of a token whose balances do not move, nor of another contract', () => {
    expect(judge(leaving(hundred), { logs: [sent(vault, robber, hundred)] }).claims).toEqual([])
    expect(judge(leaving(0n), { logs: [sent(other, robber, hundred)] }).claims).toEqual([])
  })

  test('is more than its share where a share was given back for it, and paid where its worth came in', () => {
    const burned = sent(robber, account(0), 5n, vault)
    const worth = (amount: bigint) =>
      new World()
        .holds(token, vault, hundred)
        .set(`call ${vault} 0x07a2d13a${word(5n).slice(2)}`, amount)
        .settle()
    const take = { logs: [sent(vault, robber, hundred / 2n), burned] }
    const halved = (world: World) => world.holds(token, vault, hundred / 2n)
    expect(judge(halved(worth(hundred / 2n)), take).claims).toEqual([])
    expect(judge(halved(worth(hundred / 4n)), take).claims).toMatchObject([{ severity: 'critical' }])
    const paying = (amount: bigint) => {
      const world = new World().holds(token, vault, hundred).holds(other, vault, 1_000n).settle()
      const logs = [sent(vault, robber, hundred / 2n), sent(robber, vault, amount, other)]
      return judge(world.holds(token, vault, hundred / 2n).holds(other, vault, 1_000n + amount), { logs }).claims
    }
    // A hundredth of the share that leaves.
    expect(paying(5n)).toEqual([])
    expect(paying(4n)).toMatchObject([{ severity: 'critical' }])
  })

  test('is its own where the bank that owes it says so', () => {
    const world = (owed: bigint) =>
      new World().holds(token, vault, hundred).holds(vault, robber, owed).settle().holds(token, vault, 0n)
    const take = { logs: [sent(vault, robber, hundred)] }
    expect(judge(world(hundred).holds(vault, robber, 0n), take).claims).toEqual([])
    expect(judge(world(hundred).holds(vault, robber, hundred), take).claims).toMatchObject([{ severity: 'critical' }])
  })

  test('is not judged where shares are given back of which nobody says what they are worth, if the config names them', () => {
    const take = { logs: [sent(vault, robber, hundred), sent(robber, account(0), 5n, shares)] }
    const knowing = compile(ours, {}, [contract('shares', shares, { role: 'dependency' })])
    expect(judge(leaving(0n), take, knowing).claims).toEqual([])
    // Whoever attacks may make a token to burn it.
    expect(judge(leaving(0n), take).claims).toMatchObject([{ severity: 'critical' }])
  })

  test('is said not to be known where nobody tells a balance', () => {
    const world = leaving(0n)
    world.down.add(`call ${token} 0x70a08231`)
    const { claims, blind } = judge(world, { logs: [sent(vault, robber, hundred)] })
    expect(claims).toEqual([])
    expect(blind).toEqual([expect.stringContaining('could not be read: nobody answers')])
  })
})

test('the same sum several times is told of, whoever was called, and two times are not', () => {
  const times = (count: number) => ({
    isYoung: false,
    logs: Array.from({ length: count }, () => sent(vault, robber, hundred / 10n)),
  })
  expect(judge(leaving(hundred - (3n * hundred) / 10n), times(3)).claims).toMatchObject([
    { facts: { signs: ['repeated'] } },
  ])
  expect(judge(leaving(hundred - (2n * hundred) / 10n), times(2)).claims).toEqual([])
})

describe('what leaves a vault that says what its shares are worth', () => {
  const worthOf = (vault: Address) => `call ${vault} 0x07a2d13a${word(10n ** 18n).slice(2)}`
  const vaultWorld = () => new World().holds(token, vault, hundred).set(worthOf(vault), 10n ** 18n)
  const take = { to: vault, isYoung: null, logs: [sent(vault, thief, hundred / 2n)] }
  const half = (world: World) => world.settle().holds(token, vault, hundred / 2n)

  test('to its caller, for no shares at all, is told of', () => {
    expect(judge(half(vaultWorld()), take).claims).toMatchObject([
      { severity: 'critical', facts: { signs: ['unbacked'] } },
    ])
  })

  test('to somebody else, such as a strategy, or for a debt, is not', () => {
    expect(judge(half(vaultWorld()), { ...take, logs: [sent(vault, other, hundred / 2n)] }).claims).toEqual([])
    const lending = vaultWorld().set(`call ${vault} 0x47bd3718`, 5n)
    expect(judge(half(lending).set(`call ${vault} 0x47bd3718`, 6n), take).claims).toEqual([])
  })
})

describe('power over ours', () => {
  const owner = (of: Address) => `call ${of} 0x8da5cb5b`
  const offered = `call ${vault} 0xe30c3978`
  const implementation = `storage ${vault} 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc`
  const owned = (by: Address) => new World().set(owner(vault), word(by)).settle()
  const to = (world: World, next: Address) => world.set(owner(vault), word(next))

  test('that a stranger would take is critical, that he would give to another is high', () => {
    expect(judge(to(owned(other), thief), { to: vault }).claims).toMatchObject([
      { severity: 'critical', title: expect.stringContaining('would hand vault over from'), facts: { before: other } },
    ])
    expect(judge(to(owned(other), shares), { to: vault }).claims).toMatchObject([{}])
    expect(judge(to(owned(other), shares), { to: vault }).claims[0]).not.toMatchObject({ severity: 'critical' })
  })

  test('is passed on by whoever has it: himself, as the one that is called, or in a log', () => {
    const log = event('event ExecutionSuccess(bytes32 indexed hash)', other, { hash: word(1) })
    for (const rest of [{ from: other, to: vault }, { to: other }, { to: robber, logs: [log] }])
      expect(judge(to(owned(other), thief), rest).claims).toEqual([])
    const world = owned(other).set(offered, word(thief)).settle()
    expect(judge(to(world, thief), { to: vault }).claims).toEqual([])
  })

  test('that nobody had is no page, as whoever sets it up takes it so', () => {
    expect(judge(to(owned(account(0)), thief), { to: vault }).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('by other code is told of where it is known who may, and only there', () => {
    const swap = (world: World) => world.set(implementation, word(shares)).settle().set(implementation, word(robber))
    expect(judge(swap(owned(other)), { to: vault }).claims).toMatchObject([{ facts: { what: 'code', next: robber } }])
    expect(judge(swap(new World()), { to: vault }).claims).toEqual([])
  })

  test('is believed of no answer that is no address', () => {
    for (const answer of ['0x', `0x${'f'.repeat(64)}`, `0x${'0'.repeat(24)}${'a'.repeat(39)}`] as Hex[])
      expect(judge(owned(other).set(owner(vault), answer), { to: vault }).claims).toEqual([])
  })
})

/** A recorded block with all the calls of its transactions. */
function tracedBlock({ number, hash, ...recorded }: ReturnType<typeof recordedTraces>[number]): Block {
  const raw = { ...block({ number }).block, hash: hash as Hex, transactions: recorded.transactions }
  const parsed = parseBlock(raw)
  const byHash = Map.groupBy(recorded.traces as { transactionHash: Hex }[], (each) => each.transactionHash)
  const traces = parsed.transactions.map((transaction): [Hex, Trace] => {
    const frames = parseParityTraces(byHash.get(transaction.hash) ?? [])
    return [transaction.hash, { ok: true, calls: layCalls(frames, transaction, null) }]
  })
  return { ...parsed, traces: new Map(traces) }
}

describe.skipIf(!hasCorpus)('on recorded mainnet, each transaction as if it were pending', () => {
  const received = hasCorpus ? corpusReceiptBlocks().map(modelBlock) : []
  const traced = hasCorpus ? recordedTraces().map(tracedBlock) : []
  /** Those out of which something moves most often: as they are paid from, so they would be robbed. */
  const paying = (blocks: readonly Block[]) =>
    busiest(
      blocks.flatMap((whole) =>
        whole.transactions.flatMap((transaction) => movementsOf(outcomeOf(whole, transaction)).map(({ from }) => from)),
      ),
      40,
    )
  /** With the traces no logs were recorded: what was paid for the coins in tokens is not known there. */
  const untold = ({ hash, index, from, to }: Transaction): Receipt => ({
    ...{ transactionHash: hash, transactionIndex: index, status: 'success', from, to, contractAddress: null },
    ...{ gasUsed: 0n, effectiveGasPrice: 0n, logs: [] },
  })
  function outcomeOf(whole: Block, transaction: Transaction) {
    const trace = whole.traces?.get(transaction.hash)
    const isDone = trace?.ok && trace.calls[0]?.reverted === false
    const receipt = trace ? (isDone ? untold(transaction) : null) : (whole.receipts?.[transaction.index] ?? null)
    return { transaction, receipt, ...(trace?.ok && { calls: trace.calls }) }
  }

  /** State was not recorded: what left each account is taken for all that it held, and what came in for as much as it had. */
  function observe(whole: Block, transaction: Transaction, group: readonly Address[]): PendingObservation | null {
    const outcome = outcomeOf(whole, transaction)
    const { receipt } = outcome
    const nets = netOf(movementsOf(outcome), new Set(group))
    if (!receipt || receipt.status === 'reverted' || nets.size === 0) return null
    const state = (read: Read): ReadResult => {
      const isBalance = read.kind === 'balance' || (read.kind === 'call' && read.data.startsWith('0x70a08231'))
      if (!isBalance) return { ok: false, reverted: true, reason: 'not recorded' }
      const net = nets.get(read.kind === 'balance' ? 'native' : read.to) ?? 0n
      const before = net < 0n ? -net : net
      return { ok: true, data: word(read.at === 'parent' ? before : before - net) }
    }
    // What is handed over stands in a block of its own.
    const alone = { ...whole, transactions: [], receipts: [] } as unknown as Block
    return { kind: 'block', block: alone, logs: receipt.logs, outcomes: [outcome], ticked: false, isYoung: null, state }
  }

  test.each([
    ['the logs', received],
    ['the calls', traced],
  ])('pages nobody by %s about whoever pays most often', (_, blocks) => {
    const busy = paying(blocks)
    let judged = 0
    const groups = [busy, ...busy.map((each) => [each])]
    const pages = groups.flatMap((group) => {
      const watch = compile(group.map((address, place) => contract(`busy${place}`, address)))
      return blocks.flatMap((whole) =>
        whole.transactions.flatMap((transaction) => {
          const observation = observe(whole, transaction, group)
          if (!observation) return []
          judged++
          const { claims = [] } = watch.judge(observation)
          return claims.filter(({ severity }) => severity !== 'medium').map(({ title }) => title)
        }),
      )
    })
    expect(judged).toBeGreaterThan(300)
    expect(pages).toEqual([])
  })
})
