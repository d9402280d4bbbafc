import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  executed,
  good,
  next,
  other,
  slot,
  start,
  thief,
  timelock,
  upgrade,
  upgraded,
  vault,
} from '../../../../test/harness/detectors/plannedChangeScene.ts'
import { account, call, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { privilegedChange } from '../privilegedChange.ts'

describe('a change that an access manager let through', () => {
  const manager = account(0x9999)
  const through = (data: Hex) => call('function execute(address target, bytes data)', [vault, data])
  const idOf = (caller: Address, data: Hex) =>
    keccak256(encodeAbiParameters(parseAbiParameters('address, address, bytes'), [caller, vault, data]))
  const told = (id: Hex) =>
    event('event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)', manager, {
      ...{ operationId: id, nonce: 1 },
    })

  /** A vault under a manager, of which `good` had scheduled an upgrade to `next`. */
  function play(
    tell: (told: SomeLog) => SomeLog[],
    { schedule = BigInt(start - 10), delay = 86_400n, authority = manager, caller = good, from = good } = {},
    input: Hex = through(upgrade(next)),
  ) {
    const id = idOf(caller, upgrade(next))
    const who = [caller, vault].map((address) => word(address).slice(2)).join('')
    const may = `0xb7009613${who}${upgrade(next).slice(2, 10).padEnd(64, '0')}`
    const world = new World()
      .set(`storage ${vault} ${slot}`, word(good))
      .set(`call ${vault} 0xbf7e214f`, word(authority))
      .set(`call ${manager} 0x3adc277a${id.slice(2)}`, schedule)
      .set(`call ${manager} ${may}`, `0x${word(0).slice(2)}${word(delay).slice(2)}`)
      .settle()
    const watch = scene(privilegedChange, [contract('vault', vault)], { world })
    watch.see()
    world.set(`storage ${vault} ${slot}`, word(next))
    const { claims } = watch.see({ transactions: [tx({ from, to: manager, input, logs: tell(told(id)) })] })
    return claims.map(({ severity, facts }) => [severity, facts.planned])
  }
  const inOrder = (first: SomeLog) => [first, upgraded(next)]
  const planned = `it had been scheduled in the access manager ${manager}, which asks for 86400 s`

  test('as it had been scheduled is planned', () => {
    expect(play(inOrder)).toEqual([['medium', planned]])
  })

  test('is planned also where a timelock is the one that had scheduled it there', () => {
    const tell = (first: SomeLog) => [...inOrder(first), executed(through(upgrade(next)), { target: manager })]
    expect(play(tell, { caller: timelock, from: thief }, '0x12345678')).toEqual([['medium', planned]])
  })

  test('is not where it had not been scheduled, needs no delay, is another one, or comes before', () => {
    const plain = [[undefined, undefined]]
    expect(play(inOrder, { schedule: 0n })).toEqual(plain)
    expect(play(inOrder, { schedule: BigInt(start + 9_999) })).toEqual(plain)
    expect(play(inOrder, { delay: 0n })).toEqual(plain)
    expect(play(inOrder, { authority: other })).toEqual(plain)
    expect(play(inOrder, {}, through(upgrade(other)))).toEqual(plain)
    expect(play((first) => [upgraded(next), first])).toEqual(plain)
    expect(play(inOrder, { from: thief })).toEqual(plain)
  })
})
