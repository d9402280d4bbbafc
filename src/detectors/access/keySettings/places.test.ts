import { keccak256, toHex, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { keySettings } from '../keySettings.ts'

const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
const [splitter, chief, ana, thief, router] = [1, 2, 3, 4, 5].map(somebody) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const slot: Hex = keccak256(toHex('acme.splitter.chief'))
const second: Hex = `0x63037b0c${word(1).slice(2)}`
const setter = 'function set(uint256 place, address next)'

/** `stands` puts an address where `options` looks for it. */
function placeScene(options: object, question: string) {
  const world = new World().set(question, word(ana)).settle()
  const watch = scene(keySettings, [contract('splitter', splitter)], { options, world })
  watch.see({})
  return {
    set(now: Hex, rest: Partial<Parameters<typeof tx>[0]> = {}) {
      world.settle().set(question, now)
      const input = call(setter, [1n, `0x${now.slice(-40)}`])
      return watch.see({ transactions: [tx({ from: chief, to: splitter, input, ...rest })] })
    },
  }
}
const inSlot = () => placeScene({ slots: [slot.toUpperCase().replace('X', 'x')] }, `storage ${splitter} ${slot}`)
const inList = () => placeScene({ values: [second] }, `call ${splitter} ${second}`)
const severities = ({ claims }: ReturnType<ReturnType<typeof placeScene>['set']>) =>
  claims.map(({ severity = 'high' }) => severity)

describe.each([
  ['in a slot that no function tells', inSlot, `slot ${slot.slice(0, 10)}…`],
  ['at a place of a list', inList, '0x63037b0c of 1'],
])('an address %s', (_, opened, where) => {
  test('that a key exchanges pages', () => {
    const { claims, blind } = opened().set(word(thief))
    expect(blind).toEqual([])
    expect(claims).toMatchObject([{ facts: { before: word(ana), now: word(thief), by: chief }, evidence: 'hard' }])
    expect(claims[0]!.title).toContain(`(${where})`)
    expect(severities({ claims } as never)).toEqual(['high'])
  })

  test.each<[string, Hex, Partial<Parameters<typeof tx>[0]>]>([
    ['no call names, such as who moved up in it', word(thief), { input: '0x12345678' }],
    ['a contract puts there that comes for others', word(thief), { to: router, input: '0x12345678' }],
    ['put itself there', word(thief), { from: thief }],
    ['is nobody', word(zeroAddress), {}],
  ])('that %s pages nobody', (__, now, rest) => {
    expect(severities(opened().set(now, rest))).toEqual(['medium'])
  })
})

test('smaller values beside the address in a slot are no part of it', () => {
  const beside = (value: number): Hex => `0x${value.toString(16).padStart(24, '0')}${ana.slice(2)}`
  expect(inSlot().set(beside(7)).claims).toEqual([])
})
