import { describe, expect, test } from 'vitest'
import {
  ana,
  council,
  dao,
  flowing,
  numbered,
  streamScene,
  thief,
  timelock,
} from '../../../../test/harness/detectors/paymentStreamScene.ts'
import { event, type SomeLog } from '../../../../test/harness/node/block.ts'
import { type World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'

describe('what had been decided before', () => {
  const executed =
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)'
  const id = word(5n)
  const done = (to: Address, emitter = timelock) =>
    event(executed, emitter, { id, index: 0n, target: dao, value: 0n, data: `0x12345678${word(to).slice(2)}` })
  const scheduled = (world: World, at: bigint, delay = 86_400n) => {
    world.before.set(`call ${timelock} 0xd45c4435${id.slice(2)}`, word(at))
    world.before.set(`call ${timelock} 0xf27a0c92`, word(delay))
  }

  test('waits in a timelock: medium, with who had scheduled it', () => {
    const { see, world } = streamScene()
    scheduled(world, 2n)
    const [claim] = see([flowing(900_000n), done(thief)], { to: timelock }).claims
    expect(claim).toMatchObject({ severity: 'medium', facts: { planned: expect.stringContaining(timelock) } })
  })

  test('pages where the operation was never scheduled, is about somebody else, or the timelock is a stranger', () => {
    const pages = (logs: SomeLog[], at = 2n, delay?: bigint) => {
      const { see, world } = streamScene()
      scheduled(world, at, delay)
      const [claim] = see(logs).claims
      return claim !== undefined && claim.severity === undefined
    }
    expect(pages([flowing(900_000n), done(thief)])).toBe(false)
    expect(pages([flowing(900_000n), done(thief)], 0n)).toBe(true)
    expect(pages([flowing(900_000n), done(thief)], 2n, 0n)).toBe(true)
    expect(pages([flowing(900_000n), done(ana)])).toBe(true)
    expect(pages([flowing(900_000n), done(thief, numbered(99))])).toBe(true)
    expect(pages([done(thief), flowing(900_000n)])).toBe(true)
  })

  test('is signed by the owners of the Safe that pays, where what they signed names who is paid', () => {
    const signed = event('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)', dao, {
      txHash: word(1n),
      payment: 0n,
    })
    const { see } = streamScene()
    const input = `0x6a761202${word(thief).slice(2)}` as Hex
    expect(see([flowing(900_000n), signed], { input }).claims).toMatchObject([{ severity: 'medium' }])
    expect(see([flowing(900_000n), signed], { input: '0x6a761202' }).claims[0]).not.toHaveProperty('severity')
    // The Safe that the config names may rule the contract that pays; another is a stranger.
    const by = (safe: Address) => see([flowing(900_000n), { ...signed, address: safe }], { input }).claims[0]
    expect(by(council)).toMatchObject({ severity: 'medium', facts: { planned: expect.stringContaining(council) } })
    expect(by(numbered(99))).not.toHaveProperty('severity')
  })
})
