import { governance } from '../../../src/detectors/governance/governance.ts'
import type { Address, Hex } from '../../../src/model/chain.ts'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

export const [governor, timelock, votes, usdc, vault, thief, ana, multisig, next] = Array.from({ length: 9 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address, Address]
export const id = word(0xabc)
export const start = 1_704_067_200
export const names = [
  contract('vault', vault),
  contract('usdc', usdc, { role: 'dependency' }),
  contract('votes', votes, { role: 'dependency' }),
]

/** A governor whose quorum is 1000, with a timelock of a day that holds 10000. */
export function daoScene(options: object = {}) {
  const world = new World()
    .holds(usdc, timelock, 10_000n)
    .set(`call ${usdc} 0x18160ddd`, 1_000_000n)
    .set(`balance ${timelock}`, 100n)
    .set(`call ${timelock} 0xf27a0c92`, 86_400n)
    .set(`code ${multisig}`, '0x6001')
    .set(`code ${next}`, '0x6002')
  for (const each of [usdc, vault, timelock, governor, votes]) world.set(`code ${each}`, '0x6003')
  const at = (block: number) => `call ${governor} 0xf8ce560a${word(block).slice(2)}`
  for (let block = 0; block < 200; block++) world.set(at(block), 1000n)
  world.settle()
  const on = [
    contract('governor', governor, { kind: 'governor' }),
    contract('timelock', timelock, { kind: 'timelock' }),
  ]
  const watch = scene(governance, on, { world, names, options: { votes: '$votes', ...options } })
  return {
    world,
    watch,
    run: (logs: SomeLog[], rest: Partial<SomeTransaction> = {}) =>
      watch.see({ transactions: [tx({ from: ana, to: governor, nonce: 0, logs, ...rest })] }),
  }
}

export type Doing = { to: Address; data?: Hex; value?: bigint }
export const proposed = (doing: Doing[], { by = ana, description = 'Fund, upgrade and govern', end = 50n } = {}) =>
  event(
    'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
    governor,
    {
      ...{ proposalId: 7n, proposer: by, description, voteStart: 5n, voteEnd: end },
      targets: doing.map(({ to }) => to),
      values: doing.map(({ value = 0n }) => value),
      signatures: doing.map(() => ''),
      calldatas: doing.map(({ data = '0x' }) => data),
    },
  )
export const executed = ({ to, data = '0x', value = 0n }: Doing) =>
  event(
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
    timelock,
    {
      ...{ id, index: 0n, target: to, value, data },
    },
  )
export const ended = (what: string) => event(`event Proposal${what}(uint256 proposalId)`, governor, { proposalId: 7n })
export const pay = (to: Address, amount: bigint) => ({
  to: usdc,
  data: call('function transfer(address to, uint256 amount)', [to, amount]),
})
export const upgrade = { to: vault, data: call('function upgradeToAndCall(address code, bytes data)', [next, '0x']) }
export const won = (delegate: Address, from: bigint, to: bigint) =>
  event('event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)', votes, {
    ...{ delegate, previousVotes: from, newVotes: to },
  })
