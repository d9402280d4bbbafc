import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus, recordedTraces } from '../../../test/harness/corpus.ts'
import { account, block, event, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { modelBlock, scene } from '../../../test/harness/scene.ts'
import type { Address, Call } from '../../model/chain.ts'
import { parseBlock } from '../parseBlock.ts'
import { layCalls } from '../traces/layCalls.ts'
import { parseParityTraces } from '../traces/parseParityTraces.ts'
import { deltasOf } from './deltasOf.ts'
import { movementsOf, tokenMovements } from './movementsOf.ts'
import { zeroAddress } from './tokenTransfers.ts'

const [ana, ben, weth, apes] = [account(0xa), account(0xb), account(0x7e7), account(0xa9e)]
const mainnetWeth: Address = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'

const transfer = (token: Address, from: Address, to: Address, value: bigint) => transferLog(token, { from, to, value })
const wrap = (dst: Address, wad: bigint) => event('event Deposit(address indexed dst, uint256 wad)', weth, { dst, wad })
const unwrap = (src: Address, wad: bigint) =>
  event('event Withdrawal(address indexed src, uint256 wad)', weth, { src, wad })

function movedBy(fields: Parameters<typeof tx>[0]) {
  const { transactions, receipts } = modelBlock(block({ transactions: [tx(fields)] }))
  return movementsOf({ transaction: transactions[0]!, receipt: receipts![0]! })
}
const plain = (deltas: ReturnType<typeof deltasOf>) =>
  Object.fromEntries([...deltas].map(([asset, accounts]) => [asset, Object.fromEntries(accounts)]))

describe('the ledger of one transaction', () => {
  test('adds up what each account has more and less of each asset', () => {
    const deltas = deltasOf(
      movedBy({ from: ana, to: ben, value: 7n, logs: [transfer(apes, ana, ben, 5n), transfer(apes, ben, ana, 2n)] }),
    )
    expect(plain(deltas)).toEqual({ native: { [ana]: -7n, [ben]: 7n }, [apes]: { [ana]: -3n, [ben]: 3n } })
  })

  test('counts wrapping and unwrapping once, also where the token tells both ways', () => {
    const silent = deltasOf(movedBy({ logs: [wrap(ana, 9n), unwrap(ana, 4n)] }))
    const chatty = deltasOf(
      movedBy({
        logs: [
          transfer(weth, zeroAddress, ana, 9n),
          wrap(ana, 9n),
          transfer(weth, ana, zeroAddress, 4n),
          unwrap(ana, 4n),
        ],
      }),
    )
    expect(plain(silent)).toEqual({ [weth]: { [zeroAddress]: -5n, [ana]: 5n } })
    expect(chatty).toEqual(silent)
  })

  test('nothing, or from an account to itself, is no movement, nor is what nobody knows to have taken effect', () => {
    expect(movedBy({ logs: [transfer(apes, ana, ben, 0n), transfer(apes, ana, ana, 5n)], from: ana, to: ana })).toEqual(
      [],
    )
    const [transaction] = modelBlock(block({ transactions: [tx({ from: ana, to: ben, value: 7n })] })).transactions
    expect(movementsOf({ transaction: transaction!, receipt: null })).toEqual([])
  })

  test('tells the items of a collection apart', () => {
    const [ids, values] = [
      [1n, 2n],
      [10n, 20n],
    ]
    const batch =
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)'
    const single = 'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)'
    const deltas = deltasOf(
      movedBy({
        logs: [
          event(batch, apes, { operator: ana, from: ana, to: ben, ids, values }),
          event(single, weth, { from: ana, to: ben, tokenId: 8n }),
        ],
      }),
    )
    expect([...deltas].map(([asset, accounts]) => [asset, accounts.get(ben)])).toEqual([
      [`${apes} 1`, 10n],
      [`${apes} 2`, 20n],
      [`${weth} 8`, 1n],
    ])
  })

  test('holds nothing of what failed', () => {
    expect(movedBy({ value: 7n, status: 'reverted' })).toEqual([])
  })

  test('takes value of calls inside from the trace, without what failed there', () => {
    const calls: SomeCall[] = [
      { to: ben, value: 3n },
      { to: ben, value: 100n, error: 'execution reverted' },
      { to: weth, kind: 'delegatecall' },
      { to: ben, from: weth, kind: 'selfdestruct', value: 2n },
    ]
    const watcher = scene(
      {
        ...{
          id: 'x',
          title: '',
          scenario: '',
          signal: '',
          response: '',
          knownLimits: [''],
          severity: 'low',
          needs: [],
        },
        options: { parse: () => ({}) } as never,
        compile: () => ({
          interests: [{ kind: 'transaction', touching: [weth], traces: 'touching' }],
          detect: ({ outcomes }) => ({
            blind: outcomes.map((outcome) =>
              JSON.stringify(plain(deltasOf(movementsOf(outcome))), (_, value) =>
                typeof value === 'bigint' ? String(value) : value,
              ),
            ),
          }),
        }),
      },
      [],
    )
    const { blind } = watcher.see({ transactions: [tx({ from: ana, to: weth, value: 1n, calls })] })
    expect(JSON.parse(blind[0]!)).toEqual({ native: { [ana]: '-1', [weth]: '-4', [ben]: '5' } })
  })
})

describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  const receipts = hasCorpus ? corpusReceiptBlocks().flatMap((each) => modelBlock(each).receipts!) : []

  test('every asset of every transaction is conserved', () => {
    const sums = receipts.flatMap(({ logs }) =>
      [...deltasOf(tokenMovements(logs)).values()].map((accounts) =>
        [...accounts.values()].reduce((a, b) => a + b, 0n),
      ),
    )
    expect(sums.length).toBeGreaterThan(500)
    expect(sums.every((sum) => sum === 0n)).toBe(true)
  })

  test('the WETH that appears and vanishes is what its own events say', () => {
    let events = 0
    for (const { logs } of receipts) {
      const own = logs.filter(({ address, topics }) => address === mainnetWeth && topics.length === 2)
      events += own.length
      const sign = ({ topics }: (typeof own)[number]) => (topics[0]!.startsWith('0xe1fffcc4') ? 1n : -1n)
      const supply = own.reduce((sum, log) => sum + sign(log) * BigInt(log.data), 0n)
      const minted = -(deltasOf(tokenMovements(logs)).get(mainnetWeth)?.get(zeroAddress) ?? 0n)
      expect(minted).toBe(supply)
    }
    expect(events).toBeGreaterThan(100)
  })

  test('the coins that WETH holds move as it was told by calls', () => {
    let moved = 0
    for (const recorded of recordedTraces()) {
      const { transactions } = parseBlock({ ...emptyBlock(recorded), transactions: recorded.transactions })
      const byHash = Map.groupBy(recorded.traces as { transactionHash: string }[], (each) => each.transactionHash)
      for (const transaction of transactions) {
        const calls = layCalls(parseParityTraces(byHash.get(transaction.hash)!), transaction, null)
        const native = deltasOf(movementsOf({ transaction, receipt: null, calls })).get('native')
        const expected = calls.filter(({ reverted }) => !reverted).reduce((sum, call) => sum + wrappedBy(call), 0n)
        expect(native?.get(mainnetWeth) ?? 0n).toBe(expected)
        expect([...(native?.values() ?? [])].reduce((a, b) => a + b, 0n)).toBe(0n)
        if (expected !== 0n) moved++
      }
    }
    expect(moved).toBeGreaterThan(100)
  })
})

/** What a call put into WETH, or took out by `withdraw(uint256)`. */
function wrappedBy({ kind, to, value, input }: Call): bigint {
  if (kind !== 'call' || to !== mainnetWeth) return 0n
  return input.startsWith('0x2e1a7d4d') ? -BigInt(`0x${input.slice(10, 74)}`) : value
}

function emptyBlock({ number, hash }: { number: number; hash: string }) {
  const { block: raw } = block({ number })
  return { ...raw, hash: hash as `0x${string}` }
}
