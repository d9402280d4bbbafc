import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { backing } from '../backing.ts'

const [vault, dollar, market, thief, ana, zero] = [0x11, 0x22, 0x33, 0x44, 0x55, 0].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const one = 10n ** 18n

const moved = (token: Address, from: Address, to: Address, value = one) => transferLog(token, { from, to, value })
const gift = (from = thief) => moved(dollar, from, vault)
const share = (to = thief) => moved(vault, zero, to)
const loan = (to = thief) => moved(dollar, market, to)
const by = (from: Address, ...logs: ReturnType<typeof moved>[]) => tx({ from, to: account(0x99), logs })

/** A vault of a thousand dollars and as many shares, against which a market lends. */
function lending(options: object = { users: ['$market'] }) {
  const world = new World()
  const ask = (to: Address, signature: string) => `call ${to} ${toFunctionSelector(signature)}`
  const worth = (assets: bigint) =>
    world
      .set(ask(vault, 'asset()'), word(dollar))
      .set(ask(vault, 'totalAssets()'), assets * one)
      .set(ask(vault, 'totalSupply()'), 1_000n * one)
      .set(ask(dollar, 'totalSupply()'), 1_000_000n * one)
  worth(1_000n).settle()
  const watch = scene(backing, [contract('vault', vault, { role: 'dependency' })], {
    ...{ world, options },
    names: [contract('market', market), contract('dollar', dollar)],
  })
  return {
    worth,
    see: (...transactions: ReturnType<typeof tx>[]) =>
      watch.see({ transactions }).claims.map(({ severity, address, transactionHash, evidence }) => ({
        ...{ severity, address, transactionHash, evidence },
      })),
    told: (...transactions: ReturnType<typeof tx>[]) =>
      watch.see({ transactions }).claims.map(({ severity, title }) => `${severity ?? backing.severity}: ${title}`),
  }
}

const used = (percent: string) =>
  `high: Whoever made what stands behind each share of vault ${percent} % more was then paid by market, which takes it as worth something`

test('a share that is given to and lent against in one transaction pages from the limit on', () => {
  for (const [assets, expected] of [
    [1_050n, [used('5')]],
    [1_049n, []],
  ] as const) {
    const { worth, told } = lending()
    worth(assets)
    expect(told(by(thief, gift(), loan()))).toEqual(expected)
  }
})

test('a larger one is told of once, against the market that paid, with the transaction', () => {
  const { worth, see } = lending()
  worth(1_600n)
  const [rose, paid, ...rest] = see(by(thief, gift(), loan()))
  expect([rose!.address, paid!.address, paid!.severity, paid!.evidence]).toEqual([vault, market, 'critical', 'hard'])
  expect(rest).toEqual([])
  expect(see(by(thief, loan()))).toEqual([])
})

test('a loan that follows within 25 blocks is told of, and none after them', () => {
  for (const [blocks, count] of [
    [24, 1],
    [25, 0],
  ] as const) {
    const { worth, told } = lending()
    worth(1_080n)
    expect(told(by(thief, gift()))).toEqual([])
    for (let block = 0; block < blocks; block++) told()
    expect(told(by(thief, loan()))).toHaveLength(count)
  }
})

test('honest people beside a yield are told nothing of, nor whoever borrows before he gives', () => {
  const { worth, told } = lending()
  worth(1_080n)
  expect(told(by(thief, loan()), by(thief, gift()))).toEqual([])
  const other = lending()
  other.worth(1_080n)
  // Ana deposits and borrows while another brings the yield.
  expect(other.told(by(ana, gift(ana), share(ana), loan(ana)), by(thief, gift()))).toEqual([])
  expect(other.told(by(ana, loan(ana)))).toEqual([])
})

test('a token that is made for the giver by a market counts as paid, shares of the vault do not', () => {
  const { worth, told } = lending()
  worth(1_080n)
  const noted = { ...moved(dollar, ana, ana), address: market }
  expect(told(by(thief, gift(), share(), noted))).toEqual([])
  expect(told(by(thief, moved(account(0x77), zero, thief), noted))).toHaveLength(1)
})

test('without users a rise is judged by its size alone', () => {
  const { worth, told } = lending({})
  worth(1_080n)
  expect(told(by(thief, gift(), loan()))).toEqual([])
})
