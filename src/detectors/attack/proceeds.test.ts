import { expect, test } from 'vitest'
import {
  account,
  call,
  event,
  type SomeTransaction,
  block as serveBlock,
  tx,
} from '../../../test/harness/node/block.ts'
import type { ServedBlock } from '../../../test/harness/node/rpcTypes.ts'
import { contract, modelBlock, World } from '../../../test/harness/scene.ts'
import { monitor } from '../../../test/harness/watchScene.ts'
import type { Claim } from '../../model/finding.ts'
import { readKey } from '../../model/read.ts'
import { createDispatchIndex } from '../../watch/dispatchIndex.ts'
import { judgeBlock } from '../../watch/judgeBlock.ts'
import { createMonitorMemory } from '../../watch/monitorMemory.ts'
import { proceeds } from './proceeds.ts'

const [vault, dusd, thief, tool, second, third, fourth, mixer, user] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) =>
  account(n * 0x1111),
) as [`0x${string}`, ...`0x${string}`[]] & Record<number, `0x${string}`>
const ether = 10n ** 18n

/** A watch of the vault: whoever calls it with `0xbad…` robs it, as another monitor says. */
function watchOf(claim: Partial<Claim> = {}, severity: 'high' | 'medium' = 'high') {
  const targets = [contract('vault', vault)]
  const names = new Map([...targets, contract('dusd', dusd!)].map((each) => [each.name, each]))
  const chain = { name: 'testnet', id: 1 }
  const watch = proceeds.compile({ options: {}, targets, when: undefined, names, chain })
  const theft = monitor(
    'theft',
    {
      interests: [{ kind: 'call', addresses: [vault] }],
      detect: ({ outcomes }) => ({
        claims: outcomes
          .filter(({ transaction }) => transaction.input === '0xbadbadba')
          .map(({ transaction: { hash, from } }) => ({
            key: 'theft',
            transactionHash: hash,
            address: vault,
            title: 'It was robbed',
            facts: {},
            evidence: 'hard',
            actors: [from, tool!],
            ...claim,
          })),
      }),
    },
    { sign: { stage: 'exploitation', restsOn: 'value' }, severity },
  )
  const following = monitor('proceeds', watch, { sign: proceeds.sign!, severity: 'info' })
  const world = new World().set(`code ${mixer}`, '0x6001').token(dusd!, 'DUSD', 6)
  const index = createDispatchIndex([theft, following])
  const memory = createMonitorMemory([])
  let parent: ServedBlock | undefined
  /** What is told of a block: the sentences of `proceeds`. */
  return async (transactions: SomeTransaction[], { receipts = true, seconds = 12 } = {}) => {
    const timestamp = parent ? Number(parent.block.timestamp) + seconds : 1_700_000_000
    parent = serveBlock({ ...(parent && { parent }), timestamp, transactions })
    const block = { ...modelBlock(parent), ...(!receipts && { receipts: null }) }
    const judgement = await judgeBlock(
      {
        index,
        memory,
        readState: async (_, reads) => new Map(reads.map((read) => [readKey(read), world.answer(read)])),
      },
      block,
    )
    expect([...judgement.blind.values()]).toEqual([])
    memory.apply(judgement.memory)
    return judgement.sighted.flatMap(({ finding }) => (finding.monitor === 'proceeds' ? [finding] : []))
  }
}

const robs = () => tx({ from: thief!, to: vault, input: '0xbadbadba' })
const pays = (from: string | undefined, to: string | undefined, value: bigint) =>
  tx({ from: from as `0x${string}`, to: to as `0x${string}`, value })
const transfers = (from: string | undefined, to: string | undefined, amount: bigint, sender = from) => {
  const ends = { from: from as `0x${string}`, to: to as `0x${string}` }
  return tx({
    from: sender as `0x${string}`,
    to: dusd!,
    input: call('function transfer(address to, uint256 value)', [to, amount]),
    logs: [
      event('event Transfer(address indexed from, address indexed to, uint256 value)', dusd!, {
        ...ends,
        value: amount,
      }),
    ],
  })
}
const titles = (found: Awaited<ReturnType<ReturnType<typeof watchOf>>>) => found.map(({ title }) => title)

test('what was taken is followed from account to account, until it is among what many own', async () => {
  const see = watchOf()
  expect(await see([robs()])).toEqual([])
  const [first] = await see([pays(thief, second, 12n * ether), pays(user, fourth, ether)])
  expect(first).toMatchObject({
    title: 'Whoever is behind the attack on vault sent 12 ETH to 0x0000…5555',
    severity: 'info',
    address: vault,
    facts: { from: thief, hops: 0, after: 'It was robbed', sent: [`${12n * ether} base units of coins to ${second}`] },
  })
  const next = await see([pays(second, third, 5n * ether), pays(second, mixer, 5n * ether)])
  expect(titles(next)).toEqual([
    'Who was paid after the attack on vault sent 5 ETH to 0x0000…6666',
    'Who was paid after the attack on vault sent 5 ETH to 0x0000…8888',
  ])
  expect(new Set([first, ...next].map((each) => each!.alertKey)).size).toBe(1)
  // One more is told, and who gets it there is not followed; nor is the mixer, which pays others with what they own.
  expect(await see([pays(third, fourth, 5n * ether), pays(mixer, user, 5n * ether)])).toHaveLength(1)
  expect(await see([pays(fourth, user, 5n * ether)])).toEqual([])
})

test('tokens are followed by what they tell, whoever of the thieves had them, and by what is asked where nobody listened', async () => {
  const see = watchOf()
  await see([robs()])
  expect(titles(await see([transfers(tool, mixer, 2_500_000n, thief)]))).toEqual([
    'Whoever is behind the attack on vault sent 2.5 dusd to 0x0000…8888',
  ])
  const quiet = await see([transfers(thief, mixer, 1_500_000n)], { receipts: false })
  expect(titles(quiet)).toEqual(['Whoever is behind the attack on vault sent 1.5 dusd to 0x0000…8888'])
})

test('what is given back is told as that, and is the end of it', async () => {
  const see = watchOf()
  await see([robs()])
  expect(titles(await see([pays(thief, vault, 9n * ether)]))).toEqual([
    'Whoever is behind the attack on vault gave 9 ETH back to vault',
  ])
  expect(await see([pays(vault, user, 9n * ether)])).toEqual([])
})

test('nobody is followed for what is small, or only a sign, or was a week ago', async () => {
  for (const see of [watchOf({ evidence: 'soft' }), watchOf({}, 'medium')]) {
    await see([robs()])
    expect(await see([pays(thief, second, ether)])).toEqual([])
  }
  const see = watchOf()
  await see([robs()])
  expect(await see([pays(thief, second, ether)], { seconds: 6 * 86_400 })).toHaveLength(1)
  await see([], { seconds: 86_400 + 24 })
  expect(await see([pays(thief, second, ether)])).toEqual([])
})

test('a thief who pays crumbs to a thousand others hides nothing, and fills no memory and no list', async () => {
  const see = watchOf()
  await see([robs()])
  const crumbs = (block: number) =>
    Array.from({ length: 100 }, (_, i) => pays(thief, account(0xabc000 + 100 * block + i), 1n))
  let told = 0
  for (let block = 0; block < 8; block++) told += (await see(crumbs(block))).length
  expect(told).toBe(40)
  expect(titles(await see([...crumbs(8), pays(thief, second, 12n * ether)]))).toEqual([
    'Whoever is behind the attack on vault sent 12 ETH to 0x0000…5555',
  ])
  await see(crumbs(9))
  expect(await see([pays(second, third, 13n * ether)])).toHaveLength(1)
})
