import { encodeFunctionData } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeVault, dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const silentSlotWrite: Scenario = {
  name: 'silent-slot-write',
  theme: 'access',
  attack:
    'A strategy that the vault runs by delegatecall writes the implementation slot itself, without any event; the money goes a block later.',
  twin: 'The strategist runs a strategy that does nothing to the slots and moves no money, and users go on.',

  async build(stage) {
    const { vault, keys, use } = await acmeVault(stage)
    const thief = stage.accounts[20]!
    const hostile = readArtifact('HostileVault')
    const strategy = await stage.deploy(readArtifact('HostileStrategy'), { from: thief })
    const runStrategy = (functionName: string, args: unknown[]) =>
      stage.call(
        vault,
        'runStrategy',
        [strategy.address, encodeFunctionData({ abi: strategy.abi, functionName, args })],
        { from: keys.strategist },
      )
    return {
      protect: [vault.address],
      victims: [vault.address],
      ordinary: use,
      async attack() {
        const { address } = await stage.deploy(hostile, { from: thief })
        await runStrategy('rebalance', [address])
        await stage.call({ ...vault, abi: hostile.abi }, 'migrate', [dollars('2500000')], { from: thief })
      },
      async twin() {
        const asset = await stage.read<`0x${string}`>(vault, 'asset')
        await runStrategy('invest', [asset, keys.strategist, 0n])
        await use()
      },
    }
  },
}
