import { describe, expect, test } from 'vitest'
import {
  ask,
  by,
  evil,
  good,
  owner,
  slot,
  storage,
  thief,
  transferred,
  upgraded,
  vault,
  vaultScene,
} from '../../../../test/harness/detectors/privilegedChangeScene.ts'
import { event } from '../../../../test/harness/node/block.ts'
import { contract, scene, word } from '../../../../test/harness/scene.ts'
import type { Hex } from '../../../model/chain.ts'
import { privilegedChange } from '../privilegedChange.ts'

describe('privileged change is asked to', () => {
  test('ignore kinds, with the event and without', () => {
    const { world, watch } = vaultScene({ ignore: ['pause', 'upgrade'] })
    watch.see()
    world.set(ask.paused, word(1)).set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toEqual([])
  })

  test('give a kind of change another severity', () => {
    const { world, watch } = vaultScene({ severities: { pause: 'high', upgrade: 'low' } })
    watch.see()
    world.set(ask.paused, word(1)).set(storage(slot.implementation as Hex), word(evil))
    const paused = event('event Paused(address account)', vault, { account: owner })
    expect(watch.see(by([paused])).claims.map(({ severity }) => severity)).toEqual(['high', 'low'])
  })

  test('expect values: anything else speaks once, the expected is news', () => {
    const { world, watch } = vaultScene({ expect: { implementation: evil, owner } })
    expect(watch.see().claims).toMatchObject([
      { title: 'The implementation of vault is 0x0000…4444, not 0x0000…5555 as expected', evidence: 'hard' },
    ])
    expect(watch.see().claims).toEqual([])
    world.set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toMatchObject([
      { title: 'Implementation of vault changed to 0x0000…5555, as expected', severity: 'info' },
    ])
    world.set(storage(slot.implementation as Hex), word(good))
    expect(watch.see(by([upgraded(good)])).claims).toMatchObject([{ facts: { expected: evil, new: good } }])
    expect(watch.see().claims).toEqual([])
  })

  test('expect a value of a kind that it ignores', () => {
    const { world, watch } = vaultScene({ ignore: ['upgrade', 'pause'], expect: { implementation: good } })
    expect(watch.see().claims).toEqual([])
    world.set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toMatchObject([
      { title: 'The implementation of vault is 0x0000…5555, not 0x0000…4444 as expected' },
    ])
    expect(watch.see().claims).toEqual([])
  })

  test('say when what it expects holds again, and not before', () => {
    const { world, watch } = vaultScene({ expect: { owner: thief, implementation: good } })
    const over = `privilege unexpected ${vault} owner`
    expect(watch.see()).toMatchObject({ claims: [{ group: over }], cleared: [] })
    expect(watch.see().cleared).toEqual([])
    world.down.add(vault)
    expect(watch.see().cleared).toEqual([])
    world.down.clear()
    world.set(ask.owner, word(thief))
    expect(watch.see(by([transferred(owner, thief)])).cleared).toEqual([over])
    expect(watch.see().cleared).toEqual([])
  })

  test('expect another value than before, which does not hold either', () => {
    const { world, watch } = vaultScene({ expect: { owner: thief } })
    expect(watch.see().claims).toHaveLength(1)
    const anew = scene(privilegedChange, [contract('vault', vault)], { options: { expect: { owner: evil } }, world })
    for (const [key, value] of watch.memory) anew.memory.set(key, value)
    expect(anew.see().claims).toMatchObject([{ facts: { actual: owner, expected: evil } }])
    expect(anew.see().claims).toEqual([])
  })

  test('expect only of a single contract, and only what the config knows', () => {
    const two = [contract('vault', vault), contract('other', good)]
    expect(() => vaultScene({ expect: { owner } }, two)).toThrow('2 contracts')
    expect(() => vaultScene({ expect: { owner: '$nobody' } })).toThrow('$nobody')
  })
})
