import { describe, expect, test } from 'vitest'
import {
  ana,
  ben,
  cleo,
  module,
  multiSendCallOnly,
  order,
  packed,
  pay,
  relayer,
  safeScene,
  slot,
  storage,
  swapOwner,
  thief,
  token,
  told,
  treasury,
} from '../../../../test/harness/detectors/safeExecutionScene.ts'
import { call, event, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

describe('safe execution tells of power', () => {
  test('a lower threshold is critical, a higher one is not', () => {
    const { world, watch, run } = safeScene()
    watch.see()
    const changed = (threshold: bigint) => event('event ChangedThreshold(uint256 threshold)', treasury, { threshold })
    world.set(storage(slot.threshold), word(3))
    expect(run({ to: treasury }, { logs: [changed(3n)] }).claims).toEqual([])
    world.set(storage(slot.threshold), word(1))
    expect(run({ to: treasury }, { logs: [changed(1n)] }).claims).toMatchObject([
      { title: 'treasury now asks for 1 of 3 signatures instead of 3 of 3', severity: 'critical', evidence: 'hard' },
    ])
  })

  test('as many new owners as signatures are wanted, within a day', () => {
    const { watch, run } = safeScene()
    watch.see()
    const swap = (out: Address, into: Address) =>
      run({ to: treasury, data: swapOwner }, { logs: [told('RemovedOwner', out), told('AddedOwner', into)] }).claims
    expect(swap(ben, thief)).toEqual([])
    expect(swap(ana, module)).toMatchObject([
      {
        title: '2 owners of treasury are new within a day: they are enough to sign alone',
        severity: 'critical',
        facts: { added: [thief, module], removed: [ben, ana] },
      },
    ])
  })

  test('a module that acts within a day of being enabled', () => {
    const { world, watch } = safeScene()
    watch.see()
    const acts = () =>
      watch.see({ transactions: [tx({ to: module, logs: [told('ExecutionFromModuleSuccess', module)] })] })
    expect(acts().claims).toEqual([])
    world.set(storage('0xcc69885fda6bcc1a4ace058b4a62bf5e179ea78fd58a1ccd71c22cc9b688792f'), word(module))
    expect(watch.see({ transactions: [tx({ to: relayer, logs: [told('EnabledModule', module)] })] }).claims).toEqual([])
    expect(acts().claims).toMatchObject([{ severity: 'critical', facts: { module, secondsAgo: '12' } }])
    expect(watch.see({ timestamp: 1_704_067_200 + 2 * 86_400 }).claims).toEqual([])
    expect(acts().claims).toEqual([])
  })

  test('settings that changed without a word, also before the first block', () => {
    const { world, watch } = safeScene()
    world.set(storage(slot.guard), word(thief))
    const { claims, block } = watch.see({ transactions: [tx({ to: treasury, input: '0x01' })] })
    expect(claims).toMatchObject([
      {
        title: `The guard of treasury changed from 0x0 to 0x${BigInt(thief).toString(16)}, and no event was emitted`,
        severity: 'critical',
        evidence: 'hard',
        transactionHash: block.transactions[0]?.hash,
      },
    ])
    world.set(storage(slot.threshold), word(1))
    const later = Array.from({ length: 10 }, () => watch.see()).flatMap((each) => each.claims)
    expect(later).toMatchObject([{ severity: 'critical', subject: `threshold of ${treasury}` }])
  })

  test('but not the setters of old versions, which emit none', () => {
    const { world, watch, run } = safeScene()
    watch.see()
    world.set(storage(slot.fallback), word(cleo))
    const data = call('function setFallbackHandler(address handler)', [cleo])
    expect(run({ to: treasury, data }).claims).toEqual([])
  })

  test('a nonce that moved further than the executions that were seen', () => {
    const { world, watch } = safeScene()
    watch.see()
    world.set(storage(slot.nonce), word(9))
    expect(watch.see({ transactions: [tx({ to: treasury, input: '0x01' })] }).claims).toMatchObject([
      { title: 'The nonce of treasury went from 7 to 9, and 0 executions were seen', severity: 'high' },
    ])
  })

  test('not of the nonce of a Safe so old that it tells nothing, which it is blind to', () => {
    const { world, watch } = safeScene()
    watch.see()
    world.set(storage(slot.nonce), word(8))
    const { claims, blind } = watch.see({ transactions: [tx({ to: treasury, input: order({ data: pay }).input })] })
    expect([claims, blind]).toEqual([[], [expect.stringContaining('tells nothing of what it executes')]])
  })

  test('settings within a batch, for people to read', () => {
    const { watch, run } = safeScene()
    watch.see()
    const data = packed([
      { to: token, data: pay },
      { to: treasury, data: swapOwner },
    ])
    expect(run({ to: multiSendCallOnly, operation: 1, data }).claims).toMatchObject([
      {
        title: 'treasury changed its own settings within a batch of 2 calls',
        severity: 'medium',
        facts: { settings: [`treasury.swapOwner(${ana}, ${ben}, ${cleo})`] },
      },
    ])
  })

  test('gas that is paid to somebody else than the sender', () => {
    const { watch, run } = safeScene()
    watch.see()
    expect(run({ gasPrice: 9n, refund: thief }, { payment: 900n }).claims).toMatchObject([
      { severity: 'medium', facts: { refundReceiver: thief, payment: '900' } },
    ])
  })
})

test('with a list of what was announced, anything else is high', () => {
  const { watch, run } = safeScene({ announced: [order({ data: pay }).hash(7n)] })
  watch.see()
  expect(run({ data: pay }).claims).toEqual([])
  expect(run({ data: pay }).claims).toMatchObject([{ severity: 'high', facts: { hashProven: true } }])
})
