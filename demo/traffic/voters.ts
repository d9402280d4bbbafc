import { encodeFunctionData, type Hex, keccak256, stringToHex } from 'viem'
import { readAmount } from '../send.ts'
import { type Actor, sendIfItWorks, type World } from './actor.ts'
import { amountBetween, type Random } from './random.ts'

/** States of OpenZeppelin's governor. */
const pending = 0
const active = 1
const succeeded = 4
const queued = 5

type Proposal = { id: bigint; call: readonly [Hex[], bigint[], Hex[]]; description: string }

/** The DAO: proposes a new rate for the rewards, votes, queues, executes, and begins again. */
export function voters(world: World): Actor {
  const { client, protocol } = world
  const { governor } = protocol.contracts
  const speaker = protocol.accounts.voters[0]!
  let proposal: Proposal | undefined

  return {
    name: 'voters',
    everySeconds: 5,
    async act(random) {
      const state =
        proposal && Number(await client.readContract({ ...governor, functionName: 'state', args: [proposal.id] }))
      if (!proposal || state === undefined || ![pending, active, succeeded, queued].includes(state)) {
        proposal = await draft(world, random)
        return sendIfItWorks(world, governor, 'propose', [...proposal.call, proposal.description], speaker)
      }
      if (state === pending) return undefined
      if (state === active) return vote(world, proposal)
      const step = state === succeeded ? 'queue' : 'execute'
      return sendIfItWorks(world, governor, step, [...proposal.call, hashOf(proposal.description)], speaker)
    },
  }
}

/** The next voter who has not voted yet; nobody when all have. */
async function vote(world: World, { id }: Proposal): Promise<Hex | undefined> {
  const { client, protocol } = world
  const { governor } = protocol.contracts
  for (const voter of protocol.accounts.voters) {
    const hasVoted = await client.readContract({ ...governor, functionName: 'hasVoted', args: [id, voter] })
    if (!hasVoted) return sendIfItWorks(world, governor, 'castVote', [id, 1], voter)
  }
  return undefined
}

async function draft({ client, protocol }: World, random: Random): Promise<Proposal> {
  const { governor, rewards } = protocol.contracts
  const rate = amountBetween(random, 80_000n, 120_000n)
  const { number } = await client.getBlock()
  const description = `Pay ${rate} base units of yield per second (block ${number})`
  const call = [
    [rewards.address],
    [0n],
    [encodeFunctionData({ abi: rewards.abi, functionName: 'setRate', args: [rate] })],
  ] as const satisfies readonly [Hex[], bigint[], Hex[]]
  const id = await readAmount(client, governor, 'hashProposal', [...call, hashOf(description)])
  return { id, call, description }
}

const hashOf = (text: string) => keccak256(stringToHex(text))
