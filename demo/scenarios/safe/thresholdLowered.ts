import { encodeFunctionData, type Hex } from 'viem'
import { executeSafe, signSafe } from '../../executeSafe.ts'
import { succeeded } from '../../send.ts'
import { acmeSafe, batchOf } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

export const thresholdLowered: Scenario = {
  name: 'threshold-lowered',
  theme: 'safe',
  attack:
    'With two stolen keys a thief has one signature be enough, hidden in a batch of payments, and takes all with it later.',
  twin: 'The signers pay in batches of the same size, and a stranger relays a transaction that they signed through a batch of their own.',

  async build(stage) {
    const acme = await acmeSafe(stage)
    const { safe, signers, execute, payment } = acme
    const [thief, ana, ben] = stage.accounts.slice(18) as [Hex, Hex, Hex]
    const lower = encodeFunctionData({ abi: safe.abi, functionName: 'changeThreshold', args: [1n] })
    return {
      protect: [safe.address],
      victims: [safe.address],
      ordinary: () => execute(payment(ana, '12000')),
      async attack() {
        await execute(batchOf(acme, [payment(ana, '12000'), { to: safe.address, data: lower }]))
        await stage.mine(50)
        const alone = { signers: signers.slice(0, 1), from: thief }
        await succeeded(stage.client, await executeSafe(stage.client, safe, payment(thief, '2400000'), alone))
      },
      async twin() {
        await execute(batchOf(acme, [payment(ana, '12000'), payment(ben, '8000')]))
        await stage.mine(50)
        const signed = await signSafe(stage.client, safe, payment(ben, '9000'), signers.slice(1))
        const data = encodeFunctionData({ abi: safe.abi, functionName: 'execTransaction', args: signed })
        const relayed = batchOf(acme, [{ to: safe.address, data }])
        await stage.pay(relayed.to, 0n, { from: thief, data: relayed.data ?? '0x' })
      },
    }
  },
}
