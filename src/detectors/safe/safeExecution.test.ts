import { encodePacked, type Hex, hashTypedData, keccak256, size, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { readSafeArtifact } from '../../../demo/readSafeArtifact.ts'
import { safeTypes } from '../../../demo/safeTypes.ts'
import { account, call, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { isLibraryCode } from './safeExecution/libraries.ts'
import { safeExecution } from './safeExecution.ts'

const [treasury, token, thief, ana, ben, cleo, module, relayer, copy] = Array.from({ length: 9 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address, Address]
const multiSendCallOnly: Address = '0x9641d764fc13c8b624c04430c7356c1c7c8102e2'
const multiSend: Address = '0x38869bf66a61cf6bdb996a6ae40d5853fd43b526'
const slot = {
  owners: word(3),
  threshold: word(4),
  nonce: word(5),
  guard: '0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8',
  fallback: '0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5',
} as const
const storage = (at: Hex) => `storage ${treasury} ${at}`

type Order = Partial<{ to: Address; value: bigint; data: Hex; operation: number; gasPrice: bigint; refund: Address }>

function order({ to = token, value = 0n, data = '0x', operation = 0, gasPrice = 0n, refund = zeroAddress }: Order) {
  const message = { to, value, data, operation, safeTxGas: 0n, baseGas: 0n, gasPrice, gasToken: zeroAddress as Address }
  const input = call(
    'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
    [to, value, data, operation, 0n, 0n, gasPrice, zeroAddress, refund, '0x'],
  )
  /** As the owners' wallets compute it. */
  const hash = (nonce: bigint) =>
    hashTypedData({
      domain: { chainId: 31337, verifyingContract: treasury },
      types: safeTypes,
      primaryType: 'SafeTx',
      message: { ...message, refundReceiver: refund, nonce },
    })
  return { input, hash }
}

/** A Safe with two of three owners, before its first transaction. */
function safeScene(options: object = {}) {
  const world = new World()
    .set(storage(slot.owners), word(3))
    .set(storage(slot.threshold), word(2))
    .set(storage(slot.nonce), word(7))
    .set(`call ${treasury} 0xe75235b8`, word(2))
    .settle()
  const watch = scene(safeExecution, [contract('treasury', treasury, { kind: 'safe' })], { options, world })
  let nonce = 7n
  return {
    world,
    watch,
    /** One execution, directly or in the calldata of a relayer. */
    run(some: Order, { payment = 0n, failed = false, logs = [] as SomeLog[], from = ana, wrap = false } = {}) {
      const { input, hash } = order(some)
      const ended = event(
        `event Execution${failed ? 'Failure' : 'Success'}(bytes32 indexed txHash, uint256 payment)`,
        treasury,
        { txHash: hash(nonce), payment },
      )
      nonce++
      world.set(storage(slot.nonce), word(nonce))
      const wrapped = wrap ? call('function relay(address safe, bytes data)', [treasury, input]) : input
      return watch.see({
        transactions: [tx({ from, to: wrap ? relayer : treasury, input: wrapped, logs: [...logs, ended] })],
      })
    },
  }
}

const pay = call('function transfer(address to, uint256 amount)', [ben, 5n])
const packed = (parts: { operation?: number; to: Address; data?: Hex }[]): Hex =>
  call('function multiSend(bytes transactions)', [
    `0x${parts
      .map(({ operation = 0, to, data = '0x' }) =>
        encodePacked(
          ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
          [operation, to, 0n, BigInt(size(data)), data],
        ).slice(2),
      )
      .join('')}`,
  ])
const swapOwner = call('function swapOwner(address previous, address old, address owner)', [ana, ben, cleo])
const told = (name: string, account: Address) => event(`event ${name}(address indexed account)`, treasury, { account })

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
