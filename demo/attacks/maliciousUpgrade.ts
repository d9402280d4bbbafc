import { readAmount, send } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

export const maliciousUpgrade: Attack = {
  name: 'malicious-upgrade',
  title: 'Upgrade of the vault by a stolen key',
  story:
    "The upgrader's key is stolen, and the vault gets an implementation that looks the same and has one door more. Seconds after the upgrade the thief walks through it with four fifths of the assets.",

  async run(world) {
    const { client, protocol } = world
    const { dusd, vault } = protocol.contracts
    const { upgrader, thief } = protocol.accounts
    const attack = startAttack(world)
    const hostile = await attack.create('HostileVault', thief)

    const upgraded = await attack.step(
      send(client, vault, 'upgradeToAndCall', [hostile.address, '0x'], { from: upgrader }),
    )
    if (upgraded) {
      await attack.pause()
      const inVault = await readAmount(client, dusd, 'balanceOf', [vault.address])
      const opened = { ...vault, abi: hostile.abi }
      await attack.step(send(client, opened, 'migrate', [(inVault * 4n) / 5n], { from: thief }))
    }
    return { transactions: attack.transactions }
  },
}
