import { expect, test } from 'vitest'
import {
  chief,
  grant,
  moved,
  numbered,
  pool,
  poolScene,
  somebody,
  thief,
  view,
} from '../../../../test/harness/detectors/newRightsScene.ts'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Hex } from '../../../model/chain.ts'

test('a function that gave nobody a right eight times is asked about no more', () => {
  const { watch, stands } = poolScene()
  stands(thief, false)
  const pay = () =>
    watch.see({ transactions: [tx({ from: chief, to: pool, input: call('function pay(address to)', [thief]) })] })
  const asked = Array.from({ length: 10 }, () => pay().reads.length > 0)
  expect(asked).toEqual([...Array.from({ length: 8 }, () => true), false, false])
})

test('is blind where nobody answers, and learns nothing from it', () => {
  const { world, given } = poolScene()
  world.down.add(view)
  const { claims, blind, memory } = given(thief)
  expect([claims, blind, memory]).toEqual([[], ['Who may do what with pool could not be read: nobody answers'], {}])
})

test('names that it did not ask about all of a crowd, and a megabyte of nonsense costs nothing', () => {
  const { watch } = poolScene()
  const crowd = Array.from({ length: 13 }, (_, place) => somebody(place))
  const many = call('function setOperators(address[] accounts)', [crowd])
  const see = (input: Hex) => watch.see({ transactions: [tx({ from: chief, to: pool, input })] })
  expect(see(many).blind).toHaveLength(1)
  expect(see(call('function setOperators(address[] accounts)', [crowd.slice(1)])).blind).toEqual([])
  const crowded = { to: numbered(7), input: many, logs: crowd.map((to) => moved(to, pool)) }
  expect(watch.see({ transactions: [tx({ from: chief, ...crowded })] }).blind).toEqual([])
  const { reads } = see(`0x12345678${word(thief).slice(2).repeat(16_000)}`)
  expect(reads.length).toBeLessThan(10)
})

test('of a hundred transactions in a block some are not judged, and it says so', () => {
  const { watch } = poolScene()
  const transactions = Array.from({ length: 100 }, (_, place) =>
    tx({ from: chief, to: pool, input: call(grant, [somebody(place), true]) }),
  )
  const { blind, reads } = watch.see({ transactions })
  expect(blind).toContain('84 more transactions with pool in one block were not judged.')
  expect(reads.length).toBeLessThan(100)
})
