import { maxUint256, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

const coins = (amount: string) => parseEther(amount)

export const neverAllowed: Scenario = {
  name: 'never-allowed',
  theme: 'attack',
  attack:
    'A coin is moved for whoever asks, also where nothing is allowed: a thief takes that of one holder after the other.',
  twin: 'Holders pay a shop large sums that they allowed it to collect, and one sends all that he has.',

  async build({ deploy, call, read, accounts, mine }) {
    const [users, customer, thief] = [accounts.slice(2, 8), accounts[12]!, accounts[20]!]
    const coin = await deploy(readArtifact('UnaskedCoin'), { args: [coins('1000000')] })
    const shop = await deploy(readArtifact('CoinCollector'))
    for (const user of [...users, customer]) {
      await call(coin, 'transfer', [user, coins('9000')])
      await call(coin, 'approve', [shop.address, maxUint256], { from: user })
    }
    const buy = (from: `0x${string}`, amount: string) => call(shop, 'pay', [coin.address, coins(amount)], { from })
    return {
      protect: [coin.address],
      victims: [coin.address],
      async ordinary() {
        for (const user of users) {
          await buy(user, '100')
          await mine(3)
          await call(coin, 'transfer', [customer, coins('40')], { from: user })
        }
      },
      async attack() {
        for (const user of users) {
          await call(coin, 'transferFrom', [user, thief, await read(coin, 'balanceOf', [user])], { from: thief })
          await mine(3)
        }
      },
      async twin() {
        for (const user of users.slice(0, 3)) await buy(user, '8000')
        await call(coin, 'transfer', [users[0]!, await read(coin, 'balanceOf', [customer])], { from: customer })
      },
    }
  },
}
