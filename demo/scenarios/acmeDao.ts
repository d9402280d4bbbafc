import { encodeFunctionData, type Hex, keccak256, parseEther, stringToHex, zeroAddress, zeroHash } from 'viem'
import { readArtifact } from '../artifact.ts'
import type { Bound } from '../send.ts'
import { dollars } from './acmeVault.ts'
import type { Stage } from './stage.ts'

export const timelockDelay = 2 * 86_400
export const role = (name: string) => keccak256(stringToHex(name))

export type Deed = { to: Bound; functionName: string; args: readonly unknown[] }
export type AcmeDao = {
  governor: Bound
  timelock: Bound
  votes: Bound
  asset: Bound
  voters: readonly Hex[]
  /** Holds two millions of ten and votes with none of them. */
  lender: Hex
  propose(deeds: readonly Deed[], description: string, from: Hex): Promise<void>
  vote(description: string, voters: readonly Hex[]): Promise<void>
  /** Queues and, after the delay, executes what was proposed and voted for. */
  carryOut(description: string): Promise<void>
  /** All of it by the same voters, of whom the first proposes. Default: all. */
  decide(deeds: readonly Deed[], description: string, by?: readonly Hex[]): Promise<void>
}

/** A governor over a timelock of two days, which holds two million dollars; four holders of 600,000 votes each vote. */
export async function acmeDao(stage: Stage): Promise<AcmeDao> {
  const { deploy, call, read, accounts, mine, skip } = stage
  const deployer = accounts[0]!
  const voters = accounts.slice(11, 15)
  const lender = accounts[15]!
  const asset = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
  const votes = await deploy(readArtifact('AcmeToken'), { args: [deployer, parseEther('10000000')] })
  const timelock = await deploy(readArtifact('TimelockController'), {
    args: [timelockDelay, [], [zeroAddress], deployer],
  })
  const governor = await deploy(readArtifact('AcmeGovernor'), { args: [votes.address, timelock.address] })
  for (const name of ['PROPOSER_ROLE', 'CANCELLER_ROLE'])
    await call(timelock, 'grantRole', [role(name), governor.address])
  await call(timelock, 'renounceRole', [zeroHash, deployer])
  await call(asset, 'mint', [timelock.address, dollars('2000000')])
  await call(votes, 'transfer', [lender, parseEther('2000000')])
  for (const voter of voters) {
    await call(votes, 'transfer', [voter, parseEther('600000')])
    await call(votes, 'delegate', [voter], { from: voter })
  }
  const proposals = new Map<string, readonly [Hex[], bigint[], Hex[], string]>()
  const found = (description: string) => {
    const proposal = proposals.get(description)
    if (!proposal) throw new Error(`Nobody proposed "${description}".`)
    return proposal
  }
  const hashed = (description: string) => {
    const [targets, values, datas] = found(description)
    return [targets, values, datas, keccak256(stringToHex(description))] as const
  }
  const dao: AcmeDao = {
    ...{ governor, timelock, votes, asset, voters, lender },
    async propose(deeds, description, from) {
      const datas = deeds.map(({ to, functionName, args }) => encodeFunctionData({ abi: to.abi, functionName, args }))
      const proposal = [deeds.map(({ to }) => to.address), deeds.map(() => 0n), datas, description] as const
      proposals.set(description, proposal)
      await call(governor, 'propose', proposal, { from })
      await mine(3)
    },
    async vote(description, from) {
      const id = await read(governor, 'hashProposal', hashed(description))
      for (const voter of from) await call(governor, 'castVote', [id, 1], { from: voter })
      await mine(25)
    },
    async carryOut(description) {
      await call(governor, 'queue', hashed(description))
      await skip(timelockDelay + 60)
      await call(governor, 'execute', hashed(description))
    },
    async decide(deeds, description, by = voters) {
      await dao.propose(deeds, description, by[0]!)
      await dao.vote(description, by)
      await dao.carryOut(description)
    },
  }
  return dao
}
