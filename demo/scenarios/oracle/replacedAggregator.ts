import { parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import type { Scenario } from '../scenario.ts'
import { keptMarket } from './keptMarket.ts'

export const replacedAggregator: Scenario = {
  name: 'replaced-aggregator',
  theme: 'oracle',
  attack:
    'With the key of its owner a thief points the feed at an aggregator of their own, which gives the same price at first.',
  twin: 'The aggregator that was always there gives a price eight percent higher, and a user borrows.',

  async build(stage) {
    const owner = stage.accounts[9]!
    const feedFor = (kept: Bound) => stage.deploy(readArtifact('FeedProxy'), { args: [owner, kept.address] })
    const { market, feed, users, thief, post, borrow, use } = await keptMarket(stage, { feedFor })
    return {
      protect: [market.address],
      victims: [market.address],
      ordinary: use,
      async attack() {
        const args = [thief, 'ACME / USD', 1n, parseUnits('1', 18)]
        const own = await stage.deploy(readArtifact('KeptFeed'), { args, from: thief })
        await stage.call(own, 'transmit', [parseUnits('10.15', 8)], { from: thief })
        await stage.call(feed, 'setAggregator', [own.address], { from: owner })
        await stage.skip(120)
        await stage.call(own, 'transmit', [parseUnits('400', 8)], { from: thief })
        await borrow(thief, '4000', '800000')
      },
      async twin() {
        await stage.skip(360)
        await post('10.96')
        await borrow(users[3]!, '4000', '20000')
      },
    }
  },
}
