import { encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { executeSafe, type SafeTransfer } from '../../executeSafe.ts'
import { readSafeArtifact } from '../../readSafeArtifact.ts'
import { succeeded } from '../../send.ts'
import { acmeSafe } from '../acmeSafe.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const signerWithin: Scenario = {
  name: 'signer-within',
  theme: 'safe',
  attack:
    'One signer of the treasury is a Safe itself; thieves with two keys of that one have a single signature be enough there, so that one key less stands before the treasury, which is untouched.',
  twin: 'The inner Safe pays a bill, and so does the treasury.',

  async build(stage) {
    const inner = await acmeSafe(stage)
    const { client, accounts, deploy, call } = stage
    const { singleton, asset, relayer, payment } = inner
    const [signers, ana] = [accounts.slice(9, 11), accounts[18]!]
    const factory = await deploy(readSafeArtifact('SafeProxyFactory'))
    const handler = await deploy(readSafeArtifact('CompatibilityFallbackHandler'))
    const owners = [inner.safe.address, ...signers]
    const setup = encodeFunctionData({
      abi: singleton.abi,
      functionName: 'setup',
      args: [owners, 2n, zeroAddress, '0x', handler.address, zeroAddress, 0n, zeroAddress],
    })
    const create = { functionName: 'createProxyWithNonce', args: [singleton.address, setup, 1n] } as const
    const { result } = await client.simulateContract({ ...factory, ...create, account: accounts[0]! })
    await call(factory, create.functionName, create.args)
    const treasury = { address: result as Hex, abi: singleton.abi }
    await call(asset, 'mint', [treasury.address, dollars('3000000')])
    const spend = async (transfer: SafeTransfer) => {
      await succeeded(client, await executeSafe(client, treasury, transfer, { signers, from: relayer }))
    }
    return {
      protect: [treasury.address],
      victims: [treasury.address, inner.safe.address],
      async ordinary() {
        for (const amount of ['900', '1200']) {
          await spend(payment(ana, amount))
          await stage.mine(3)
        }
      },
      async attack() {
        const lower = encodeFunctionData({ abi: singleton.abi, functionName: 'changeThreshold', args: [1n] })
        await inner.execute({ to: inner.safe.address, data: lower })
        await stage.mine(10)
      },
      async twin() {
        await inner.execute(payment(ana, '5000'))
        await spend(payment(ana, '4000'))
      },
    }
  },
}
