import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const swapIn: Scenario = {
  name: 'tokens-for-worthless-tokens',
  theme: 'value',
  attack: 'A token is given for an older one that its caller names: a thief names his own, and sells what he got.',
  twin: 'The owner makes a twentieth of the supply for the first time since the watch began, and a large holder sells all.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, ana, ben, fund] = accounts as [`0x${string}`, `0x${string}`, `0x${string}`, `0x${string}`]
    const thief = accounts[20]!
    const token = await deploy(readArtifact('SwapInToken'), { args: [parseEther('1000000')] })
    await call(token, 'transfer', [ana, parseEther('300000')])
    await call(token, 'transfer', [ben, parseEther('40000')])
    return {
      protect: [token.address],
      victims: [token.address],
      async ordinary() {
        for (const amount of ['120', '3000', '75']) {
          await call(token, 'transfer', [ana, parseEther(amount)], { from: ben })
          await mine(4)
        }
      },
      async attack() {
        const paper = await deploy(readArtifact('SwapInToken'), { args: [parseEther('400000')], from: thief })
        await call(paper, 'approve', [token.address, parseEther('400000')], { from: thief })
        await call(token, 'swapIn', [paper.address, parseEther('400000')], { from: thief })
        await mine(15)
        await call(token, 'transfer', [ben, parseEther('350000')], { from: thief })
      },
      async twin() {
        await call(token, 'mint', [fund, parseEther('50000')], { from: deployer })
        await call(token, 'transfer', [ben, parseEther('300000')], { from: ana })
      },
    }
  },
}
