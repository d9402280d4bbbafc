import { describe, expect, test } from 'vitest'
import {
  ask,
  by,
  evil,
  good,
  owner,
  thief,
  transferred,
  upgraded,
  vault,
  vaultScene,
} from '../../../../test/harness/detectors/privilegedChangeScene.ts'
import { event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'

describe('privileged change in front of hostile data', () => {
  test('is silent about other contracts and about plain blocks', () => {
    const { watch } = vaultScene()
    watch.see()
    expect(watch.see({ transactions: [tx({ logs: [upgraded(evil, good)] })] })).toMatchObject({
      claims: [],
      memory: {},
    })
    expect(watch.see(by())).toMatchObject({ claims: [], blind: [], memory: {} })
  })

  test('says which log it could not read', () => {
    const { watch } = vaultScene()
    const [topic0] = transferred(owner, thief).topics
    const broken: SomeLog[] = [
      { address: vault, topics: [topic0!], data: '0x' },
      { address: vault, topics: [topic0!, word(owner)], data: '0x00' },
      { address: vault, topics: [topic0!, `0x${'f'.repeat(64)}`, word(thief)], data: '0x' },
    ]
    for (const log of broken) {
      expect(watch.see(by([log]))).toMatchObject({ claims: [], blind: [expect.stringContaining('could not be read')] })
    }
  })

  test('is blind where the state cannot be read, and does not take that for a change', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world.down.add(vault)
    expect(watch.see()).toMatchObject({
      claims: [],
      blind: ['implementation of vault could not be read: nobody answers'],
    })
    world.down.clear()
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
  })

  test('bounds what one block can make it say', () => {
    const { watch } = vaultScene()
    const { claims, blind } = watch.see(by(Array.from({ length: 300 }, () => upgraded(evil))))
    expect(claims).toHaveLength(64)
    expect(blind[0]).toContain('more than 64')
  })

  test('does not let a flood of milder or ignored events hide a grave one', () => {
    const paused = event('event Paused(address account)', vault, { account: thief })
    const flood = Array.from({ length: 300 }, () => paused)
    for (const options of [{}, { ignore: ['pause'] }]) {
      const { watch } = vaultScene(options)
      watch.see()
      const titles = watch.see(by([...flood, transferred(owner, thief), ...flood])).claims.map(({ title }) => title)
      expect(titles).toContain('Owner of vault changed from 0x0000…3333 to 0x0000…2222')
    }
  })

  test('keeps one row for each contract and asks little when nothing happens', () => {
    const { watch } = vaultScene()
    for (let i = 0; i < 5; i++) watch.see()
    expect([...watch.memory.keys()]).toEqual([`state ${vault}`])
    expect(watch.see().reads.length).toBeLessThanOrEqual(10)
  })

  test('takes answers that are no address for another function', () => {
    const { world, watch } = vaultScene()
    world
      .set(ask.owner, `0x${'41'.repeat(100_000)}`)
      .set(ask.paused, '0x')
      .settle()
    watch.see()
    world.set(ask.owner, '0x1234')
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
  })
})
