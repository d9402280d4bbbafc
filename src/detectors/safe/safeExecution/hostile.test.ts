import { describe, expect, test } from 'vitest'
import {
  ana,
  cleo,
  order,
  pay,
  relayer,
  safeScene,
  slot,
  storage,
  thief,
  told,
  treasury,
} from '../../../../test/harness/detectors/safeExecutionScene.ts'
import { call, event, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'

describe('safe execution in front of hostile data', () => {
  test('is blind where what was signed stands nowhere', () => {
    const { world, watch } = safeScene()
    watch.see()
    world.set(storage(slot.nonce), word(8))
    const ended = event('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)', treasury, {
      txHash: word(1),
      payment: 0n,
    })
    const { claims, blind } = watch.see({ transactions: [tx({ to: relayer, logs: [ended] })] })
    expect(blind).toEqual([expect.stringContaining('in no calldata that can be seen')])
    expect(claims).toEqual([])
  })

  test('does not take calldata of others for what was signed', () => {
    const { watch } = safeScene()
    watch.see()
    const fake = order({ to: thief, operation: 1 })
    const ended = event('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)', treasury, {
      txHash: order({ data: pay }).hash(7n),
      payment: 0n,
    })
    const input = call('function relay(bytes decoy, bytes data)', [fake.input, order({ data: pay }).input])
    const { claims, blind } = watch.see({ transactions: [tx({ to: relayer, input, logs: [ended] })] })
    expect([claims.filter(({ title }) => title.includes('delegatecall')), blind]).toEqual([[], []])
  })

  test('takes nothing for silent that was told while nobody could read the settings', () => {
    const { world, watch, run } = safeScene()
    run({ data: pay })
    world.down.add(slot.guard)
    world.set(storage(slot.owners), word(4)).set(storage(slot.guard), word(cleo))
    const logs = [told('AddedOwner', cleo), told('ChangedGuard', cleo)]
    expect(run({ to: treasury }, { logs })).toMatchObject({ claims: [], blind: [expect.any(String)] })
    world.down.clear()
    expect(watch.see({ transactions: [tx({ to: treasury })] })).toMatchObject({ claims: [], blind: [] })
    world.set(storage(slot.guard), word(0))
    expect(run({ data: pay }).claims).toMatchObject([{ severity: 'critical', facts: { setting: 'guard' } }])
  })

  test('says what it could not read and what is no Safe', () => {
    const { world, watch } = safeScene()
    world.down.add(slot.guard)
    const called = { transactions: [tx({ to: treasury })] }
    expect(watch.see(called).blind).toEqual(['The settings of treasury could not be read: nobody answers'])
    world.down.clear()
    world.set(`call ${treasury} 0xe75235b8`, word(5)).settle()
    expect(watch.see(called).blind).toEqual([expect.stringContaining('does not keep its threshold where a Safe does')])
    const { topics } = told('AddedOwner', ana)
    const broken = tx({ to: relayer, logs: [{ address: treasury, topics: [topics[0]!], data: '0x00' }] })
    expect(watch.see({ transactions: [broken] }).blind).toContainEqual(
      expect.stringMatching(/^A log AddedOwner of treasury could not be read: The log has /),
    )
  })

  test('bounds what a flood makes it say', () => {
    const { watch } = safeScene()
    watch.see()
    const logs = Array.from({ length: 600 }, () => told('EnabledModule', thief))
    const { claims, blind } = watch.see({ transactions: [tx({ to: relayer, logs })] })
    expect(claims.length).toBeLessThan(4)
    expect(blind[0]).toContain('more than 512')
    expect(JSON.stringify(watch.memory.get(`safe ${treasury}`)).length).toBeLessThan(5_000)
  })
})
