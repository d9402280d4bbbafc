import { describe, expect, test } from 'vitest'
import {
  dao,
  grant,
  guardian,
  heir,
  helper,
  may,
  owner,
  proposed,
  revoke,
  thief,
  unknown,
  usdc,
} from '../../../../test/harness/detectors/foreseeScene.ts'
import { ended, governor, id, start, timelock } from '../../../../test/harness/detectors/governanceScene.ts'
import { event } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Read } from '../../../model/read.ts'

const scheduled = (delay: bigint) =>
  event(
    'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
    timelock,
    { id, index: 0n, target: helper, value: 0n, data: '0xdeadbeef', predecessor: word(0), delay },
  )
const simulations = (reads: readonly Read[]) => reads.filter(({ kind }) => kind === 'simulation')

describe('what is open is tried again', () => {
  test('and told of once, also where it does something only later', () => {
    const { watch, leadsTo, see, effects } = dao()
    expect(effects(see(proposed([unknown])))).toEqual([])
    leadsTo((after) => after.set(owner, word(thief)))
    const seen = Array.from({ length: 50 }, () => watch.see())
    expect(seen.flatMap(effects).map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Proposal 7 of governor would now, unlike when it was made, hand vault over/),
    ])
  })

  test('and told of again where it has become graver', () => {
    const { watch, leadsTo, see, effects } = dao()
    leadsTo((after) => after.set(may(guardian), null).set(may(heir), '0x').holds(usdc, timelock, 4_000n))
    const known = effects(see(proposed([revoke, grant], 'Rotate the guardian')))
    expect(known.map(({ severity }) => severity)).toEqual(['medium', 'high'])
    leadsTo((after) => after.set(may(guardian), null).holds(usdc, timelock, 1_000n))
    const graver = Array.from({ length: 50 }, () => watch.see()).flatMap(effects)
    expect(graver).toMatchObject([
      { severity: 'high', facts: { heir: null } },
      { severity: 'high', facts: { amount: '5000' } },
    ])
  })

  test('every so many blocks, and in every block near its end', () => {
    const { watch, see } = dao({ simulateEvery: 20 })
    expect(simulations(see(proposed([unknown], 'x', 1_000n)).reads)).toHaveLength(2)
    const counts = Array.from({ length: 45 }, () => simulations(watch.see().reads).length)
    expect(counts.filter((count) => count > 0)).toEqual([2, 2])
    const soon = dao()
    soon.see(proposed([unknown], 'x', 40n))
    expect(Array.from({ length: 3 }, () => simulations(soon.watch.see().reads).length)).toEqual([2, 2, 2])
  })

  test('until it is carried out, called off or voted down', () => {
    for (const what of ['Executed', 'Canceled']) {
      const { watch, see } = dao()
      see(proposed([unknown], 'x', 10n))
      see(ended(what))
      expect(watch.see().reads).toEqual([])
      expect([...watch.memory.keys()].filter((key) => key.includes('calls'))).toEqual([])
    }
    const { world, watch, see } = dao()
    see(proposed([unknown], 'x', 10n))
    world.set(`call ${governor} 0x3e4f49e6${word(7).slice(2)}`, 3n)
    watch.see()
    expect(watch.see().reads).toEqual([])
  })

  test('an operation at the time from which it can be executed', () => {
    const { see } = dao()
    const [first] = simulations(see(scheduled(86_400n)).reads)
    expect(first).toMatchObject({ time: start + 86_401, calls: [{ from: timelock, to: helper, data: '0xdeadbeef' }] })
    expect(simulations(dao().see(scheduled(2n ** 200n)).reads)[0]).not.toHaveProperty('time')
  })

  test('with the coins that it pays along, which its executor may bring in the same transaction', () => {
    const { reads } = dao().see(proposed([{ to: helper, value: 10n ** 24n }, unknown]))
    expect(simulations(reads)).toMatchObject([{ rich: true }, { rich: true }])
  })

  test('never where nobody wants it', () => {
    const { watch, see } = dao({ simulateEvery: 0 })
    expect(simulations(see(proposed([unknown], 'x', 10n)).reads)).toEqual([])
    expect(watch.see().reads).toEqual([])
  })
})
