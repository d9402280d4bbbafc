import { encodeFunctionData, type Hex, zeroAddress, zeroHash } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { timelockDelay } from '../acmeDao.ts'
import { acmeVault, dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const timelockBypass: Scenario = {
  name: 'timelock-bypass',
  theme: 'governance',
  attack:
    'The timelock of the vault asks only after the calls of a batch whether their time had come; a batch that schedules itself while it runs puts hostile code behind the vault.',
  twin: 'The same timelock carries out an upgrade that had been scheduled two days before.',

  async build(stage) {
    const [team, thief] = [stage.accounts[12], stage.accounts[20]] as [Hex, Hex]
    const timelock = await stage.deploy(readArtifact('HollowTimelock'), {
      args: [timelockDelay, [team], [zeroAddress]],
    })
    const { vault, use } = await acmeVault(stage, { admin: timelock.address, upgrader: timelock.address })
    const hostile = readArtifact('HostileVault')
    return {
      protect: [vault.address, timelock.address],
      victims: [vault.address, timelock.address],
      ordinary: use,
      async attack() {
        const code = await stage.deploy(hostile, { from: thief })
        const args = [timelock.address, vault.address, code.address]
        const bypass = await stage.deploy(readArtifact('TimelockBypass'), { args, from: thief })
        await stage.call(bypass, 'run', [], { from: thief })
        await stage.call({ ...vault, abi: hostile.abi }, 'migrate', [dollars('3000000')], { from: thief })
      },
      async twin() {
        const code = await stage.deploy(readArtifact('AcmeVault'), { from: team })
        const data = encodeFunctionData({
          abi: vault.abi,
          functionName: 'upgradeToAndCall',
          args: [code.address, '0x'],
        })
        const operation = [vault.address, 0n, data, zeroHash, zeroHash] as const
        await stage.call(timelock, 'schedule', [...operation, timelockDelay], { from: team })
        await stage.skip(timelockDelay + 60)
        await stage.call(timelock, 'execute', operation, { from: team })
        await use()
      },
    }
  },
}
