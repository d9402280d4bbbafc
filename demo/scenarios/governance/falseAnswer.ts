import { encodeFunctionData, type Hex, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeSafe } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

const day = 86_400
const yes: Hex = `0x${'1'.padStart(64, '0')}`

export const falseAnswer: Scenario = {
  name: 'false-answer',
  theme: 'governance',
  attack:
    'A thief asks whether a vote outside the chain passed that never was, answers yes for a small bond while nobody looks, and has the Safe pay him after the cooldown.',
  twin: 'The one who has answered for the DAO before says that a vote for a grant passed, and it is paid.',

  async build(stage) {
    const acme = await acmeSafe(stage)
    const { call, deploy, read, skip, mine, accounts } = stage
    const { safe, execute, payment } = acme
    const [author, bonder, builder] = accounts.slice(7) as [Hex, Hex, Hex]
    const thief = accounts[20]!
    const board = await deploy(readArtifact('AnswerBoard'))
    const module = await deploy(readArtifact('AnsweredModule'), { args: [safe.address, board.address, day, day] })
    const enable = encodeFunctionData({ abi: safe.abi, functionName: 'enableModule', args: [module.address] })
    await execute({ to: safe.address, data: enable })
    const pass = async (proposal: string, to: Hex, amount: string, by: Hex, answerer: Hex) => {
      const deed = payment(to, amount)
      const hash = await read<Hex>(module, 'hashOf', [proposal, deed.to, deed.data])
      await call(module, 'addProposal', [proposal, hash], { from: by })
      await mine(10)
      const id = await read<Hex>(module, 'questionIds', [hash])
      await call(board, 'submitAnswer', [id, yes], { from: answerer, value: parseEther('0.1') })
      await skip(day + 60)
      await mine(5)
      await skip(day + 60)
      await call(module, 'executeProposal', [proposal, deed.to, deed.data], { from: by })
    }
    return {
      protect: [safe.address, module.address],
      victims: [safe.address, module.address],
      async ordinary() {
        await execute(payment(builder, '900'))
        await pass('A grant to the builders', builder, '20000', author, bonder)
      },
      attack: () => pass('Rewards', thief, '300000', thief, thief),
      twin: () => pass('A second grant to the builders', builder, '60000', author, bonder),
    }
  },
}
