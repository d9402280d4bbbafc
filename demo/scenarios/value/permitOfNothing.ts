import { maxUint256, parseEther, zeroHash } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const permitOfNothing: Scenario = {
  name: 'permit-of-nothing',
  theme: 'value',
  attack:
    'A coin lets the call of a permit pass that it does not have, and a pool believes it: a thief enters with what others let the pool take, and leaves.',
  twin: 'A customer enters with more than all that is in the pool, and leaves the next day.',

  async build({ deploy, call, pay, accounts, mine, skip }) {
    const [users, customer, thief] = [accounts.slice(2, 8), accounts[12]!, accounts[20]!]
    const coin = await deploy(readArtifact('PlainCoin'))
    const pool = await deploy(readArtifact('PermitPool'), { args: [coin.address] })
    for (const from of [...users, customer]) {
      await pay(coin.address, parseEther('200'), { from })
      await call(coin, 'approve', [pool.address, maxUint256], { from })
      await call(pool, 'enter', [parseEther('20')], { from })
    }
    return {
      protect: [pool.address],
      victims: [pool.address],
      async ordinary() {
        for (const from of users) {
          await call(pool, 'leave', [parseEther('2')], { from })
          await mine(4)
          await call(pool, 'enter', [parseEther('1')], { from })
        }
      },
      async attack() {
        for (const from of users) {
          const nothing = [9_999_999_999n, 0, zeroHash, zeroHash]
          await call(pool, 'enterWithPermit', [from, parseEther('150'), thief, ...nothing], { from: thief })
          await mine(5)
          await call(pool, 'leave', [parseEther('150')], { from: thief })
        }
      },
      async twin() {
        await call(pool, 'enter', [parseEther('170')], { from: customer })
        await skip(86_400)
        await call(pool, 'leave', [parseEther('180')], { from: customer })
      },
    }
  },
}
