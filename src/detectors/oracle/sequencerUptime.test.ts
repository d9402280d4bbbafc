import { describe, expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import { sequencerUptime } from './sequencerUptime.ts'

const [market, feed] = [account(0x1111), account(0x2222)]
const start = 1_704_067_200

function uptimeScene() {
  const world = new World()
  const watch = scene(sequencerUptime, [contract('market', market)], {
    options: { feed: '$uptime' },
    names: [contract('uptime', feed)],
    world,
  })
  const says = (status: bigint, since: number) => {
    const words = [1n, status, BigInt(since), BigInt(since), 1n].map((each) => word(BigInt.asUintN(256, each)).slice(2))
    world.set(`call ${feed} 0xfeaf968c`, `0x${words.join('')}`)
  }
  return { world, says, at: (seconds: number) => watch.see({ timestamp: start + seconds }) }
}

describe('the status of a sequencer', () => {
  test('is grave while it is down, over after the grace, and no news before', () => {
    const { says, at } = uptimeScene()
    says(0n, start - 90_000)
    expect(at(0)).toMatchObject({ claims: [], cleared: [] })
    says(1n, start + 60)
    const down = at(600).claims
    expect(down).toMatchObject([
      { address: market, title: 'The sequencer has been down for 9 minutes, as uptime says' },
    ])
    expect(down[0]).not.toHaveProperty('severity')
    says(0n, start + 4_000)
    expect(at(4_012)).toMatchObject({ claims: [], cleared: [] })
    expect(at(7_599).cleared).toEqual([])
    expect(at(7_600).cleared).toEqual([`sequencer ${feed}`])
  })

  test('is medium where it has just come back', () => {
    const { says, at } = uptimeScene()
    says(0n, start - 3_600)
    expect(at(0).claims).toEqual([])
    says(0n, start - 3_599)
    expect(at(0).claims).toMatchObject([{ severity: 'medium' }])
  })

  test.each([
    ['an answer that is none', 2n, start],
    ['a negative one', -1n, start],
    ['no time', 0n, 0],
  ])('is not known from %s', (_, status, since) => {
    const { says, at } = uptimeScene()
    says(status, since)
    expect(at(0)).toMatchObject({ claims: [], blind: [expect.stringContaining('The status in uptime is not known')] })
  })

  test('is not known where nobody answers', () => {
    const { world, at } = uptimeScene()
    world.down.add(feed)
    expect(at(0).blind).toEqual(['The status in uptime is not known: nobody answers'])
  })
})
