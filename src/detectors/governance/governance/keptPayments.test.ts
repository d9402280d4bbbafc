import { expect, test } from 'vitest'
import { account, call, event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { governance } from '../governance.ts'

const [governor, timelock, usdc, lender, reserve, thief] = Array.from({ length: 6 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address]

type Doing = { to: Address; data: Hex }
const transfer = (to: Address, amount: bigint): Doing => ({
  ...{ to: usdc, data: call('function transfer(address to, uint256 amount)', [to, amount]) },
})
const approve = (spender: Address, amount: bigint): Doing => ({
  ...{ to: usdc, data: call('function approve(address spender, uint256 amount)', [spender, amount]) },
})
const deposit = (amount: bigint, receiver: Address): Doing => ({
  ...{ to: lender, data: call('function deposit(uint256 assets, address receiver)', [amount, receiver]) },
})

/** What is said of a proposal of a treasury of 1,000 dollars. `lay`: what lies in the lender. */
function proposed(doing: Doing[], { lay = 600n, asset = usdc, isNamed = false } = {}) {
  const world = new World()
    .holds(usdc, timelock, 1_000n)
    .holds(usdc, lender, lay)
    .set(`call ${lender} 0x38d52e0f`, word(asset))
    .settle()
  for (const each of [usdc, lender, reserve, thief]) world.set(`code ${each}`, '0x6001')
  const on = [
    contract('governor', governor, { kind: 'governor' }),
    contract('timelock', timelock, { kind: 'timelock' }),
  ]
  const names = [
    contract('usdc', usdc, { role: 'dependency', kind: 'erc20' }),
    contract('reserve', reserve, { kind: 'safe' }),
    ...(isNamed ? [contract('lender', lender, { role: 'dependency' })] : []),
  ]
  const watch = scene(governance, on, { world, names, options: { simulateEvery: 0 } })
  const log = event(
    'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
    governor,
    {
      ...{
        proposalId: 7n,
        proposer: account(0xa11ce),
        description: 'Put the funds to work',
        voteStart: 5n,
        voteEnd: 50n,
      },
      targets: doing.map(({ to }) => to),
      values: doing.map(() => 0n),
      signatures: doing.map(() => ''),
      calldatas: doing.map(({ data }) => data),
    },
  )
  return watch.see({ transactions: [tx({ to: governor, logs: [log] })] }).claims[0]
}

test('most of a treasury to a Safe of ours is medium, and says that it stays', () => {
  expect(proposed([transfer(reserve, 600n)])).toMatchObject({
    severity: 'medium',
    title: expect.stringContaining('it moves 60 % of usdc of timelock, and it stays where it belongs'),
  })
  expect(proposed([transfer(thief, 600n)])).toMatchObject({ severity: 'high' })
})

test('so is most of it in a vault that gives shares, in which as much lies or which the config names', () => {
  const doing = [approve(lender, 600n), deposit(600n, timelock)]
  expect(proposed(doing)).toMatchObject({ severity: 'medium' })
  expect(proposed(doing, { lay: 599n })).toMatchObject({ severity: 'high' })
  expect(proposed(doing, { lay: 0n, isNamed: true })).toMatchObject({ severity: 'medium' })
})

test.each([
  ['somebody else gets the shares', [approve(lender, 600n), deposit(600n, thief)], {}],
  ['more may be taken than is paid in', [approve(lender, 601n), deposit(600n, timelock)], {}],
  ['nothing is paid in', [approve(lender, 600n)], {}],
  ['it is paid in before it may be taken', [deposit(600n, timelock), approve(lender, 600n)], {}],
  ['the vault is of another token', [approve(lender, 600n), deposit(600n, timelock)], { asset: thief }],
  [
    'the shares are handed on at once',
    [
      approve(lender, 600n),
      deposit(600n, timelock),
      { to: lender, data: call('function transfer(address to, uint256 amount)', [thief, 600n]) },
    ],
    {},
  ],
  ['a part goes elsewhere', [transfer(reserve, 100n), transfer(thief, 500n)], {}],
] as [string, Doing[], object][])('it is high where %s', (_, doing, rest) => {
  expect(proposed(doing, rest)).toMatchObject({ severity: 'high' })
})
