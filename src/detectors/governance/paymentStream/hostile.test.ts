import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  cfa,
  clerk,
  coin,
  created,
  dao,
  flowing,
  llama,
  locked,
  names,
  numbered,
  paid,
  streamScene,
  thief,
  usdcx,
} from '../../../../test/harness/detectors/paymentStreamScene.ts'
import { event, log, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, word } from '../../../../test/harness/scene.ts'
import type { Hex } from '../../../model/chain.ts'
import { paymentStream } from '../paymentStream.ts'

describe('what anybody can write', () => {
  test('pages nobody: a contract of a stranger that names the treasury', () => {
    const { see } = streamScene()
    const said = see([flowing(900_000n), paid(900_000n), locked(900_000n)], { to: cfa }).claims
    expect(said).toMatchObject([
      {
        severity: 'low',
        confidence: 'low',
        evidence: 'soft',
        title: expect.stringContaining('nothing else bears out'),
      },
      { severity: 'low' },
    ])
    // Nothing of ours moved, and no topic names us.
    expect(see([locked(900_000n)], { to: cfa })).toMatchObject({ claims: [], blind: [] })
  })

  test('counts where a token that the config names bears it out, or the contract is named', () => {
    const { see, world } = streamScene()
    const selector = toFunctionSelector('realtimeBalanceOf(address,uint256)')
    const has = (at: number) => `call ${usdcx} ${selector}${word(dao).slice(2)}${word(at).slice(2)}`
    const drains = (perDay: bigint, at: number) => {
      world.set(has(at), 1_000_000n * coin).set(has(at + 86_400), (1_000_000n - perDay) * coin)
    }
    const start = 1_800_000_000
    const seen = (perDay: bigint, timestamp: number) => {
      drains(perDay, timestamp)
      return watch.see({ timestamp, transactions: [tx({ from: clerk, to: cfa, logs: [flowing(900_000n)] })] })
    }
    const watch = scene(paymentStream, [contract('dao', dao)], { names, world })
    expect(seen(30_001n, start).claims[0]).not.toHaveProperty('severity')
    expect(seen(29_000n, start + 12).claims).toMatchObject([{ severity: 'low' }])
    expect(see([flowing(900_000n)], { to: cfa }).claims).toMatchObject([{ severity: 'low' }])
    const named = streamScene({ streams: [cfa] })
    expect(named.see([flowing(900_000n)], { to: cfa }).claims[0]).not.toHaveProperty('severity')
  })

  test('is nothing to us where others pay, and malformed where it names ours', () => {
    const { see } = streamScene()
    expect(see([paid(900_000n), locked(900_000n, { funder: thief })])).toMatchObject({ claims: [], blind: [] })
    const cut = (logged: SomeLog): SomeLog => log({ ...logged, data: logged.data.slice(0, 74) as Hex })
    expect(see([cut(flowing(900_000n))])).toMatchObject({
      claims: [],
      blind: [expect.stringContaining('FlowUpdated')],
    })
    expect(see([paid(1n), cut(locked(900_000n))])).toMatchObject({ claims: [], blind: [] })
  })

  test('is bounded: a flood is judged in part, and that is said', () => {
    const { see } = streamScene()
    const flood = see(Array.from({ length: 40 }, (_, n) => flowing(900_000n, numbered(100 + n))))
    expect(flood.claims).toHaveLength(32)
    expect(flood.blind).toEqual(['More than 32 streams in one block: not all of them are judged'])
  })

  test('what could not be read is said of streams that are ours', () => {
    const { see, world } = streamScene()
    world.down.add(usdcx)
    expect(see([flowing(900_000n)])).toMatchObject({
      claims: [{ severity: 'medium', title: 'dao pays 0x0000…7777 by a stream of Superfluid' }],
      blind: [expect.stringContaining('could not be read')],
    })
    expect(see([flowing(900_000n)], { to: cfa })).toMatchObject({ claims: [{ severity: 'low' }], blind: [] })
    // A contract whose token nobody knows.
    const opened = event(created, llama, { from: dao, to: thief, amountPerSec: 1n, streamId: word(1n) })
    expect(see([opened]).blind).toEqual([expect.stringContaining('add it under contracts:')])
  })
})
