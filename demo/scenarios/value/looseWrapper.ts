import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const looseWrapper: Scenario = {
  name: 'coins-counted-many-times',
  theme: 'value',
  attack:
    'Wrapped coins count what was sent once for each recipient: a thief has many times his coins, and takes them out later.',
  twin: 'Somebody wraps a large sum for several people, and most holders unwrap theirs.',

  async build({ deploy, call, accounts, mine }) {
    const [, ana, ben, eve] = accounts
    const thief = accounts[20]!
    const wrapper = await deploy(readArtifact('LooseWrapper'))
    for (const user of [ana!, ben!, eve!]) await call(wrapper, 'deposit', [], { from: user, value: parseEther('300') })
    return {
      protect: [wrapper.address],
      victims: [wrapper.address],
      async ordinary() {
        for (const amount of ['2', '7', '1']) {
          await call(wrapper, 'deposit', [], { from: ana!, value: parseEther(amount) })
          await mine(4)
          await call(wrapper, 'withdraw', [parseEther('1')], { from: ben! })
        }
      },
      async attack() {
        await call(wrapper, 'depositMany', [Array.from({ length: 40 }, () => thief)], {
          from: thief,
          value: parseEther('20'),
        })
        await mine(10)
        await call(wrapper, 'withdraw', [parseEther('800')], { from: thief })
      },
      async twin() {
        await call(wrapper, 'depositMany', [[eve]], { from: ben!, value: parseEther('250') })
        await mine(10)
        await call(wrapper, 'withdraw', [parseEther('500')], { from: eve! })
        await call(wrapper, 'withdraw', [parseEther('200')], { from: ana! })
      },
    }
  },
}
