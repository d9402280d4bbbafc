import { encodeFunctionData, type Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeSafe } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

const day = 86_400

export const delayedClerk: Scenario = {
  name: 'delayed-clerk',
  theme: 'governance',
  attack:
    'With the stolen key of a clerk a thief queues a payment of nearly all that a Safe holds in its delay module, which no signer is asked about; a day later anybody may execute it.',
  twin: 'The clerk queues salaries in the same module, and a stranger executes them after the cooldown.',

  async build(stage) {
    const { safe, execute, payment } = await acmeSafe(stage)
    const [stranger, clerk, ana, ben, thief] = stage.accounts.slice(16) as [Hex, Hex, Hex, Hex, Hex]
    const code = readArtifact('PatientModule')
    const module = await stage.deploy(code, { args: [safe.address, clerk, BigInt(day)] })
    const enable = encodeFunctionData({ abi: safe.abi, functionName: 'enableModule', args: [module.address] })
    await execute({ to: safe.address, data: enable })
    const order = ({ to, data }: { to: Hex; data: Hex }) => [to, 0n, data, 0] as const
    const queue = (what: { to: Hex; data: Hex }) =>
      stage.call(module, 'execTransactionFromModule', order(what), { from: clerk })
    const carryOut = (what: { to: Hex; data: Hex }, from: Hex) =>
      stage.call(module, 'executeNextTx', order(what), { from })
    const pay = async (what: { to: Hex; data: Hex }, from: Hex) => {
      await queue(what)
      await stage.skip(day)
      await carryOut(what, from)
    }
    return {
      protect: [safe.address],
      victims: [safe.address, module.address],
      async ordinary() {
        await stage.skip(2 * day)
        await pay(payment(ana, '12000'), stranger)
      },
      attack: () => pay(payment(thief, '2400000'), thief),
      async twin() {
        await pay(payment(ben, '9000'), stranger)
        await stage.mine(5)
        await pay(payment(ana, '12000'), clerk)
      },
    }
  },
}
