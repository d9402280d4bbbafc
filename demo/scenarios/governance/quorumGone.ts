import { encodeFunctionData, type Hex, keccak256, parseEther, stringToHex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const quorumGone: Scenario = {
  name: 'quorum-gone',
  theme: 'governance',
  attack:
    'A proposal that promises to make voting easier takes the quorum away and lets anybody propose; no money moves until a single voter pays it all to himself.',
  twin: 'The holders vote for a small grant, and for a quorum that is a little higher.',

  async build({ deploy, call, read, accounts, mine }) {
    const deployer = accounts[0]!
    const [voters, thief, builder] = [accounts.slice(11, 15), accounts[20]!, accounts[18]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const votes = await deploy(readArtifact('AcmeToken'), { args: [deployer, parseEther('10000000')] })
    const dao = await deploy(readArtifact('VotesTreasury'), { args: [votes.address] })
    await call(dollar, 'mint', [dao.address, dollars('1000000')])
    for (const voter of [...voters, thief]) {
      await call(votes, 'transfer', [voter, parseEther(voter === thief ? '10' : '600000')])
      await call(votes, 'delegate', [voter], { from: voter })
    }
    const deed = (to: typeof dao, functionName: string, args: readonly unknown[]) => ({
      to: to.address,
      data: encodeFunctionData({ abi: to.abi, functionName, args }),
    })
    const decide = async (deeds: ReturnType<typeof deed>[], text: string, by: readonly Hex[]) => {
      const what = [deeds.map(({ to }) => to), deeds.map(() => 0n), deeds.map(({ data }) => data)] as const
      const hashed = [...what, keccak256(stringToHex(text))] as const
      await call(dao, 'propose', [...what, text], { from: by[0]! })
      await mine(3)
      const id = await read(dao, 'hashProposal', hashed)
      for (const voter of by) await call(dao, 'castVote', [id, 1], { from: voter })
      await mine(25)
      await call(dao, 'execute', hashed)
    }
    return {
      protect: [dao.address],
      victims: [dao.address],
      async ordinary() {
        await call(votes, 'transfer', [builder, parseEther('1000')], { from: voters[0]! })
        await mine(5)
      },
      async attack() {
        const loosened = [deed(dao, 'setProposalThreshold', [0n]), deed(dao, 'updateQuorumNumerator', [0n])]
        await decide(loosened, 'Make voting easier for everybody', voters)
        await decide([deed(dollar, 'transfer', [thief, dollars('990000')])], 'Thanks', [thief])
      },
      async twin() {
        const grant = 'Grant to the builders: transfer 20,000 dollars'
        await decide([deed(dollar, 'transfer', [builder, dollars('20000')])], grant, voters)
        const stricter = 'A stricter quorum: updateQuorumNumerator to 5'
        await decide([deed(dao, 'updateQuorumNumerator', [5n])], stricter, voters)
      },
    }
  },
}
