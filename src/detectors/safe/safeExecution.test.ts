import { type Hex, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { readSafeArtifact } from '../../../demo/readSafeArtifact.ts'
import {
  ana,
  ben,
  cleo,
  copy,
  module,
  multiSendCallOnly,
  packed,
  pay,
  relayer,
  safeScene,
  swapOwner,
  thief,
  token,
  told,
  treasury,
} from '../../../test/harness/detectors/safeExecutionScene.ts'
import { call, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import type { Address } from '../../model/chain.ts'
import { isLibraryCode } from './safeExecution/libraries.ts'

const multiSend: Address = '0x38869bf66a61cf6bdb996a6ae40d5853fd43b526'

describe('safe execution of a delegatecall', () => {
  test('to code of strangers is critical, though no coin moves', () => {
    const { watch, run } = safeScene()
    watch.see()
    expect(run({ to: thief, operation: 1, data: '0xa9059cbb' })).toMatchObject({
      claims: [
        {
          title: 'treasury ran the code of 0x0000…3333 as its own (delegatecall)',
          severity: 'critical',
          evidence: 'hard',
          facts: { codeOf: thief, sender: ana },
        },
      ],
      blind: [],
    })
  })

  test('is found where a relayer carries it, since its hash is the one that the Safe tells', () => {
    const { watch, run } = safeScene()
    watch.see()
    expect(run({ to: thief, operation: 1 }, { wrap: true }).claims).toMatchObject([{ severity: 'critical' }])
  })

  test('does not hide in a batch, nor in a batch within a batch', () => {
    const { watch, run } = safeScene()
    watch.see()
    const inner = packed([
      { to: token, data: pay },
      { operation: 1, to: thief, data: '0xdeadbeef' },
    ])
    const batch = packed([
      { to: token, data: pay },
      { operation: 1, to: multiSend, data: inner },
    ])
    const [claim] = run({ to: multiSend, operation: 1, data: batch }).claims
    expect(claim).toMatchObject({ severity: 'critical', facts: { codeOf: thief } })
    expect(claim?.title).toMatch(/hidden in a batch$/)
  })

  test('that failed is said as a try', () => {
    const { watch, run } = safeScene()
    watch.see()
    expect(run({ to: thief, operation: 1 }, { failed: true }).claims).toMatchObject([
      { severity: 'high', evidence: 'soft', title: expect.stringMatching(/and failed$/) },
    ])
  })

  test('to the libraries of Safe is silent, by address, by code and by option', () => {
    const { world, watch, run } = safeScene({ delegatecalls: [cleo] })
    const code = readSafeArtifact('MultiSend').deployedBytecode
    world.set(`code ${copy}`, code.replaceAll('0'.repeat(40), copy.slice(2)) as Hex).settle()
    watch.see()
    const batch = packed([{ to: token, data: pay }])
    for (const to of [multiSend, multiSendCallOnly, copy, cleo]) {
      expect(run({ to, operation: 1, data: batch })).toMatchObject({ claims: [], blind: [] })
    }
  })

  test('to a library of the option is silent with its code only', () => {
    const code: Hex = '0x6001'
    const { world, watch, run } = safeScene({ delegatecalls: [{ who: cleo, code: keccak256(code) }] })
    world.set(`code ${cleo}`, code).settle()
    watch.see()
    expect(run({ to: cleo, operation: 1 })).toMatchObject({ claims: [], blind: [] })
    world.set(`code ${cleo}`, '0x6002').settle()
    expect(run({ to: cleo, operation: 1 }).claims).toMatchObject([{ severity: 'critical' }])
  })

  test('to a library that came in the same block is none of Safe', () => {
    const { world, watch, run } = safeScene()
    watch.see()
    world.set(`code ${copy}`, readSafeArtifact('MultiSendCallOnly').deployedBytecode)
    expect(run({ to: copy, operation: 1, data: packed([]) }).claims).toMatchObject([{ severity: 'critical' }])
  })

  test('by a module is seen in a trace', () => {
    const { watch } = safeScene({ internal: 'touching' })
    watch.see()
    const inner: SomeCall = {
      from: module,
      to: treasury,
      input: call('function execTransactionFromModule(address to, uint256 value, bytes data, uint8 operation)', [
        thief,
        0n,
        '0xdeadbeef',
        1,
      ]),
    }
    const transaction = tx({ to: module, logs: [told('ExecutionFromModuleSuccess', module)], calls: [inner] })
    expect(watch.see({ transactions: [transaction] }).claims).toMatchObject([
      { severity: 'critical', facts: { codeOf: thief } },
    ])
  })

  test.each(['MultiSend', 'MultiSendCallOnly', 'SignMessageLib', 'CreateCall'] as const)(
    'knows the code of %s by its hash',
    (name) => {
      const code = readSafeArtifact(name).deployedBytecode
      expect(isLibraryCode(code, copy)).toBe(true)
      expect(isLibraryCode(`${code}00`, copy)).toBe(false)
    },
  )
})

describe('safe execution is silent', () => {
  test('about payments, batches of payments and relayed ones', () => {
    const { watch, run } = safeScene()
    watch.see()
    const seen = [
      run({ data: pay }),
      run({ to: ben, value: 5n }),
      run({ to: multiSendCallOnly, operation: 1, data: packed([{ to: token, data: pay }, { to: ben }]) }),
      run({ data: pay }, { wrap: true, from: relayer }),
      run({ data: pay, gasPrice: 1n, refund: relayer }, { payment: 21_000n, from: relayer }),
      run({ data: pay }, { failed: true }),
    ]
    expect(seen.flatMap(({ claims, blind }) => [...claims, ...blind])).toEqual([])
  })

  test('about one owner for another and keeps one row', () => {
    const { watch, run } = safeScene()
    watch.see()
    const logs = [told('RemovedOwner', ben), told('AddedOwner', cleo)]
    expect(run({ to: treasury, data: swapOwner }, { logs })).toMatchObject({ claims: [], blind: [] })
    expect([...watch.memory.keys()]).toEqual([`safe ${treasury}`])
  })

  test('and asks little when nothing happens', () => {
    const { watch } = safeScene()
    for (let block = 0; block < 10; block++) watch.see()
    const seen = Array.from({ length: 10 }, () => watch.see())
    expect(seen.flatMap(({ reads }) => reads).length).toBeLessThanOrEqual(7)
    expect(seen.flatMap(({ memory }) => Object.keys(memory))).toEqual([])
  })
})
