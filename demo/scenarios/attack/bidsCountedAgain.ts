import { encodeFunctionData, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const bidsCountedAgain: Scenario = {
  name: 'bids-counted-again',
  theme: 'attack',
  attack: 'A batch of ten bids counts the same ten coins ten times; the thief is given a hundred back later.',
  twin: 'A user makes one bid in a batch, and another takes all of theirs back.',

  async build({ deploy, call, accounts, mine }) {
    const house = await deploy(readArtifact('BidHouse'))
    const [users, thief] = [accounts.slice(2, 8), accounts[20]!]
    for (const from of users) await call(house, 'bid', [], { from, value: parseEther('100') })
    const bids = (count: number) =>
      Array.from({ length: count }, () => encodeFunctionData({ abi: house.abi, functionName: 'bid' }))
    return {
      protect: [house.address],
      victims: [house.address],
      async ordinary() {
        for (const from of users) {
          await call(house, 'bid', [], { from, value: parseEther('3') })
          await call(house, 'giveBack', [parseEther('1')], { from })
          await mine(3)
        }
      },
      async attack() {
        await call(house, 'batch', [bids(10)], { from: thief, value: parseEther('10') })
        await mine(10)
        await call(house, 'giveBack', [parseEther('100')], { from: thief })
      },
      async twin() {
        await call(house, 'batch', [bids(1)], { from: users[0]!, value: parseEther('10') })
        await call(house, 'giveBack', [parseEther('100')], { from: users[1]! })
      },
    }
  },
}
