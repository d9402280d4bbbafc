import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { privilegedChange } from './privilegedChange.ts'
import { privilegedEvent } from './privilegedEvent.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [vault, thief, owner, good, evil, beacon] = [1, 2, 3, 4, 5, 6].map(numbered) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const slot = {
  implementation: '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
  admin: '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103',
  beacon: '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50',
  legacy: '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
}
const storage = (at: Hex, of = vault) => `storage ${of} ${at}`
const ask = { owner: `call ${vault} 0x8da5cb5b`, paused: `call ${vault} 0x5c975abb` }
const upgraded = (to: Address, by = vault) =>
  event('event Upgraded(address indexed implementation)', by, { implementation: to })
const transferred = (from: Address, to: Address) =>
  event('event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)', vault, {
    previousOwner: from,
    newOwner: to,
  })

/** A proxy with an owner and a pause, as it was before the first block. */
function vaultScene(options: object = {}, on: Contract[] = [contract('vault', vault)]) {
  const world = new World()
    .set(storage(slot.implementation as Hex), word(good))
    .set(storage(slot.admin as Hex), word(owner))
    .set(`code ${vault}`, '0x6001')
    .set(`code ${good}`, '0x6002')
    .set(`code ${evil}`, '0x6003')
    .set(ask.owner, word(owner))
    .set(ask.paused, word(0))
    .settle()
  return { world, watch: scene(privilegedChange, on, { options, world }) }
}

const by = (logs: SomeLog[] = []) => ({ transactions: [tx({ from: thief, to: vault, input: '0xdeadbeef', logs })] })

describe('privileged change of an implementation', () => {
  test('joins the event and the slot to one finding with hard evidence', () => {
    const { world, watch } = vaultScene()
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
    world.set(storage(slot.implementation as Hex), word(evil))
    const { claims, block } = watch.see(by([upgraded(evil)]))
    expect(claims).toMatchObject([
      {
        key: 'upgrade 0',
        transactionHash: block.transactions[0]?.hash,
        title: 'Implementation of vault changed to 0x0000…5555',
        evidence: 'hard',
        facts: { old: good, new: evil, sender: thief, standard: 'ERC-1967', calledFunction: '0xdeadbeef' },
      },
    ])
    expect(watch.see().claims).toEqual([])
  })

  test('shows it without an event, graver, and says so', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world.set(storage(slot.implementation as Hex), word(evil))
    const { claims, block } = watch.see(by())
    expect(claims).toMatchObject([
      {
        title: 'Implementation of vault changed from 0x0000…4444 to 0x0000…5555, and no event was emitted',
        severity: 'critical',
        evidence: 'hard',
        transactionHash: block.transactions[0]?.hash,
        facts: { old: good, new: evil, sender: thief },
      },
    ])
    expect(watch.see().claims).toEqual([])
  })

  test('shows it in the very first block', () => {
    const { world, watch } = vaultScene()
    world.set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by()).claims).toHaveLength(1)
  })

  test('counts the episodes where no transaction can be named', () => {
    const { world, watch } = vaultScene()
    watch.see()
    const keys = [evil, good].map((to) => {
      world.set(storage(slot.implementation as Hex), word(to))
      return watch.see().claims.map(({ key, subject }) => [key, subject])
    })
    expect(keys).toEqual([
      [['silent implementation 1', `implementation of ${vault}`]],
      [['silent implementation 2', `implementation of ${vault}`]],
    ])
  })

  test('tells of an upgrade there and back in one block, which the slot does not show', () => {
    const { watch } = vaultScene()
    watch.see()
    const { claims } = watch.see(by([upgraded(evil), upgraded(good)]))
    expect(claims.map(({ evidence, facts }) => [evidence, facts.new, facts.stateAfter])).toEqual([
      ['soft', evil, good],
      ['hard', good, undefined],
    ])
  })

  test('does not let an event with another address explain a change', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world.set(storage(slot.implementation as Hex), word(evil))
    const { claims } = watch.see(by([upgraded(good)]))
    expect(claims.map(({ title }) => title)).toEqual([
      'Implementation of vault changed to 0x0000…4444',
      'Implementation of vault changed from 0x0000…4444 to 0x0000…5555, and no event that is known tells of it',
    ])
  })

  test.each([
    [
      'admin slot',
      slot.admin,
      'Proxy admin of vault changed from 0x0000…3333 to 0x0000…2222, and no event was emitted',
    ],
    [
      'slot of ZeppelinOS',
      slot.legacy,
      'Implementation (slot of ZeppelinOS) of vault changed from nothing to 0x0000…2222, and no event was emitted',
    ],
    ['beacon slot', slot.beacon, 'Beacon of vault changed from nothing to 0x0000…2222, and no event was emitted'],
  ])('reads the %s', (_, at, title) => {
    const { world, watch } = vaultScene()
    watch.see()
    world.set(storage(at as Hex), word(thief))
    expect(watch.see(by()).claims.map((claim) => claim.title)).toEqual([title])
  })

  test('looks behind a beacon, and at the beacon itself', () => {
    const { world, watch } = vaultScene()
    world.set(storage(slot.implementation as Hex), word(0)).set(storage(slot.beacon as Hex), word(beacon))
    world.set(`call ${beacon} 0x5c60da1b`, word(good)).settle()
    watch.see()
    watch.see()
    world.set(`call ${beacon} 0x5c60da1b`, word(evil))
    expect(watch.see().claims).toMatchObject([{ facts: { value: 'beaconImplementation', old: good, new: evil } }])

    const own = scene(privilegedChange, [contract('beacon', beacon)], { world })
    own.see()
    world.set(`call ${beacon} 0x5c60da1b`, word(good))
    expect(own.see(by([upgraded(good, beacon)])).claims).toMatchObject([{ evidence: 'hard', facts: { old: evil } }])
  })

  test('sees other code at the same address: of the contract, of its implementation, of an account that delegates', () => {
    const { world, watch } = vaultScene()
    watch.see()
    watch.see()
    world.set(`code ${good}`, '0x60ff')
    expect(watch.see().claims[0]?.title).toMatch(
      /^Code of the implementation of vault changed to the hash 0x[0-9a-f]{8}…/,
    )
    world.set(`code ${vault}`, '0x')
    expect(watch.see().claims.map(({ title, severity }) => [title, severity])).toEqual([
      ['Code of vault is gone', 'critical'],
    ])
    world.set(`code ${vault}`, `0xef0100${evil.slice(2)}`)
    expect(watch.see().claims[0]?.title).toBe('vault lets the code of 0x0000…5555 act in its name (ERC-7702)')
  })

  test('learns the code of a new implementation anew', () => {
    const { world, watch } = vaultScene()
    watch.see()
    watch.see()
    world.set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toHaveLength(1)
    expect([watch.see(), watch.see()].flatMap(({ claims }) => claims)).toEqual([])
    world.set(`code ${evil}`, '0x60ff')
    expect(watch.see().claims).toHaveLength(1)
  })

  test('reads long code seldom, but at once when the contract is called', () => {
    const { world, watch } = vaultScene({ codeEveryBlocks: 1000 })
    world.set(`code ${vault}`, `0x${'60'.repeat(5000)}`).settle()
    watch.see()
    const asks = (reads: { kind: string; of?: string }[]) =>
      reads.some(({ kind, of }) => kind === 'code' && of === vault)
    expect(asks(watch.see().reads)).toBe(false)
    world.set(`code ${vault}`, `0x${'61'.repeat(5000)}`)
    expect(watch.see(by()).claims).toHaveLength(1)
  })
})

describe('privileged change of owners and roles', () => {
  test('joins event and owner()', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world.set(ask.owner, word(thief))
    expect(watch.see(by([transferred(owner, thief)])).claims).toMatchObject([
      { title: 'Owner of vault changed from 0x0000…3333 to 0x0000…2222', evidence: 'hard' },
    ])
  })

  test('reads the same event where its parameters are not indexed', () => {
    const { watch } = vaultScene()
    const unindexed = event('event OwnershipTransferred(address previousOwner, address newOwner)', vault, {
      previousOwner: owner,
      newOwner: thief,
    })
    expect(watch.see(by([unindexed]))).toMatchObject({
      claims: [{ facts: { new: thief, stateAfter: owner } }],
      blind: [],
    })
  })

  test('tells of an offer of ownership and not of its silent end', () => {
    const { world, watch } = vaultScene()
    const pending = `call ${vault} 0xe30c3978`
    world.set(pending, word(0)).settle()
    watch.see()
    world.set(pending, word(thief))
    const offer = event(
      'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
      vault,
      {
        previousOwner: owner,
        newOwner: thief,
      },
    )
    expect(watch.see(by([offer])).claims.map(({ title }) => title)).toEqual([
      'Ownership of vault was offered to 0x0000…2222',
    ])
    world.set(pending, word(0)).set(ask.owner, word(thief))
    expect(watch.see(by([transferred(owner, thief)])).claims).toHaveLength(1)
  })

  test('proves a role by asking the contract, and knows its name', () => {
    const { world, watch } = vaultScene()
    const role = keccak256(toHex('UPGRADER_ROLE'))
    const granted = event(
      'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
      vault,
      {
        role,
        account: thief,
        sender: owner,
      },
    )
    expect(watch.see(by([granted])).claims).toMatchObject([
      { title: 'UPGRADER_ROLE of vault was granted to 0x0000…2222', evidence: 'soft' },
    ])
    world.set(`call ${vault} 0x91d14854${role.slice(2)}${word(thief).slice(2)}`, 1n)
    expect(watch.see(by([granted])).claims).toMatchObject([{ evidence: 'hard' }])
  })

  test('counts whoever is given power among those who have a hand in it', () => {
    const signature = (name: string) =>
      `event ${name}(bytes32 indexed role, address indexed account, address indexed sender)`
    const role = keccak256(toHex('UPGRADER_ROLE'))
    const handsIn = (log: SomeLog) => {
      const { watch } = vaultScene()
      const [claim] = watch.see({ transactions: [tx({ from: owner, to: vault, logs: [log] })] }).claims
      return claim?.actors
    }
    const change = { role, account: thief, sender: owner }
    expect(handsIn(event(signature('RoleGranted'), vault, change))).toEqual([owner, thief])
    expect(handsIn(event(signature('RoleRevoked'), vault, change))).toBeUndefined()
    expect(handsIn(transferred(owner, thief))).toEqual([owner, thief])
    expect(handsIn(transferred(owner, account(0)))).toBeUndefined()
  })

  test('pages where somebody loses the role by which things are stopped, and not where another is taken away', () => {
    const { watch } = vaultScene()
    const revoked = (name: string) =>
      event('event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)', vault, {
        role: keccak256(toHex(name)),
        account: good,
        sender: owner,
      })
    const severities = ['CANCELLER_ROLE', 'GUARDIAN_ROLE', 'PAUSER_ROLE', 'MINTER_ROLE', 'GUARDIANS_FRIEND'].map(
      (name) => watch.see(by([revoked(name)])).claims[0]?.severity ?? 'as the monitor',
    )
    expect(severities).toEqual(['as the monitor', 'as the monitor', 'as the monitor', 'medium', 'medium'])
  })

  test('proves a role of an AccessManager, and reads its other events', () => {
    const { world, watch } = vaultScene()
    world.set(`call ${vault} 0xd1f856ee${word(7).slice(2)}${word(thief).slice(2)}`, `${word(1)}${word(0).slice(2)}`)
    const logs = [
      event(
        'event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)',
        vault,
        {
          roleId: 7n,
          account: thief,
          delay: 0,
          since: 1,
          newMember: true,
        },
      ),
      event('event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)', vault, {
        target: good,
        selector: '0x12345678',
        roleId: 2n ** 64n - 1n,
      }),
      event('event TargetClosed(address indexed target, bool closed)', vault, { target: good, closed: true }),
      event(
        'event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)',
        vault,
        {
          operationId: word(9),
          nonce: 1,
          schedule: 2,
          caller: thief,
          target: good,
          data: `0xaabbccdd${'00'.repeat(10_000)}`,
        },
      ),
    ]
    const { claims, blind } = watch.see(by(logs))
    expect(blind).toEqual([])
    expect(claims.map(({ title, evidence, severity }) => [title, evidence, severity])).toEqual([
      ['Role 7 of vault was granted to 0x0000…2222', 'hard', undefined],
      ['Function 0x12345678 of 0x0000…4444 was opened to PUBLIC_ROLE by vault', 'soft', 'critical'],
      ['0x0000…4444 was closed by vault', 'soft', 'medium'],
      ['0x0000…2222 scheduled a call of 0xaabbccdd on 0x0000…4444 in vault', 'soft', 'medium'],
    ])
    expect(JSON.stringify(claims).length).toBeLessThan(5_000)
  })

  test('tells of a pause once, with the event or without', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world.set(ask.paused, word(1))
    const paused = event('event Paused(address account)', vault, { account: owner })
    expect(watch.see(by([paused])).claims).toMatchObject([
      { title: 'vault was paused by 0x0000…3333', severity: 'medium', evidence: 'hard', facts: { old: 'false' } },
    ])
    world.set(ask.paused, word(0))
    expect(watch.see(by()).claims).toMatchObject([{ title: 'vault is unpaused now, and no event was emitted' }])
  })

  test('counts the functions of a diamond cut, however many', () => {
    const { watch } = vaultScene()
    const selectors = Array.from({ length: 500 }, (_, i) => toHex(i, { size: 4 }))
    const cut = event(
      'event DiamondCut((address facet, uint8 action, bytes4[] selectors)[] cuts, address init, bytes data)',
      vault,
      { cuts: [{ facet: evil, action: 1, selectors }], init: thief, data: '0x' },
    )
    const [claim] = watch.see(by([cut])).claims
    expect(claim?.title).toBe('500 functions of the diamond vault changed')
    expect(JSON.stringify(claim).length).toBeLessThan(2_000)
  })

  test('tells of a new initialization, and mildly of disabled initializers', () => {
    const { watch } = vaultScene()
    const initialized = (version: bigint) => event('event Initialized(uint64 version)', vault, { version })
    const { claims } = watch.see(by([initialized(2n), initialized(2n ** 64n - 1n)]))
    expect(claims.map(({ title, severity }) => [title, severity])).toEqual([
      ['vault was initialized as version 2', undefined],
      ['Initializers of vault were disabled', 'info'],
    ])
  })
})

describe('privileged change of a Safe', () => {
  const of = (name: string, account: Address, indexed = 'indexed ') =>
    event(`event ${name}(address ${indexed}account)`, vault, { account })

  test('tells of owners, threshold, modules and guards, proven where the Safe can be asked', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world
      .set(`call ${vault} 0x2f54bf6e${word(thief).slice(2)}`, word(1))
      .set(`call ${vault} 0x2f54bf6e${word(owner).slice(2)}`, word(0))
      .set(`call ${vault} 0xe75235b8`, word(1))
      .set(`call ${vault} 0x2d9ad53d${word(evil).slice(2)}`, word(0))
    const { claims } = watch.see(
      by([
        of('AddedOwner', thief),
        of('RemovedOwner', owner, ''),
        event('event ChangedThreshold(uint256 threshold)', vault, { threshold: 1n }),
        of('EnabledModule', evil),
        of('ChangedGuard', account(0)),
      ]),
    )
    expect(claims.map(({ title, evidence }) => [title, evidence])).toEqual([
      ['0x0000…2222 became an owner of vault', 'hard'],
      ['0x0000…3333 is no owner of vault any more', 'hard'],
      ['vault now asks for 1 signature', 'hard'],
      ['Module 0x0000…5555 of vault was enabled: it acts without signatures', 'soft'],
      ['Guard of vault was removed', 'soft'],
    ])
  })
})

describe('privileged change is asked to', () => {
  test('ignore kinds, with the event and without', () => {
    const { world, watch } = vaultScene({ ignore: ['pause', 'upgrade'] })
    watch.see()
    world.set(ask.paused, word(1)).set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toEqual([])
  })

  test('give a kind of change another severity', () => {
    const { world, watch } = vaultScene({ severities: { pause: 'high', upgrade: 'low' } })
    watch.see()
    world.set(ask.paused, word(1)).set(storage(slot.implementation as Hex), word(evil))
    const paused = event('event Paused(address account)', vault, { account: owner })
    expect(watch.see(by([paused])).claims.map(({ severity }) => severity)).toEqual(['high', 'low'])
  })

  test('expect values: anything else speaks once, the expected is news', () => {
    const { world, watch } = vaultScene({ expect: { implementation: evil, owner } })
    expect(watch.see().claims).toMatchObject([
      { title: 'The implementation of vault is 0x0000…4444, not 0x0000…5555 as expected', evidence: 'hard' },
    ])
    expect(watch.see().claims).toEqual([])
    world.set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toMatchObject([
      { title: 'Implementation of vault changed to 0x0000…5555, as expected', severity: 'info' },
    ])
    world.set(storage(slot.implementation as Hex), word(good))
    expect(watch.see(by([upgraded(good)])).claims).toMatchObject([{ facts: { expected: evil, new: good } }])
    expect(watch.see().claims).toEqual([])
  })

  test('expect a value of a kind that it ignores', () => {
    const { world, watch } = vaultScene({ ignore: ['upgrade', 'pause'], expect: { implementation: good } })
    expect(watch.see().claims).toEqual([])
    world.set(storage(slot.implementation as Hex), word(evil))
    expect(watch.see(by([upgraded(evil)])).claims).toMatchObject([
      { title: 'The implementation of vault is 0x0000…5555, not 0x0000…4444 as expected' },
    ])
    expect(watch.see().claims).toEqual([])
  })

  test('say when what it expects holds again, and not before', () => {
    const { world, watch } = vaultScene({ expect: { owner: thief, implementation: good } })
    const over = `privilege unexpected ${vault} owner`
    expect(watch.see()).toMatchObject({ claims: [{ group: over }], cleared: [] })
    expect(watch.see().cleared).toEqual([])
    world.down.add(vault)
    expect(watch.see().cleared).toEqual([])
    world.down.clear()
    world.set(ask.owner, word(thief))
    expect(watch.see(by([transferred(owner, thief)])).cleared).toEqual([over])
    expect(watch.see().cleared).toEqual([])
  })

  test('expect another value than before, which does not hold either', () => {
    const { world, watch } = vaultScene({ expect: { owner: thief } })
    expect(watch.see().claims).toHaveLength(1)
    const anew = scene(privilegedChange, [contract('vault', vault)], { options: { expect: { owner: evil } }, world })
    for (const [key, value] of watch.memory) anew.memory.set(key, value)
    expect(anew.see().claims).toMatchObject([{ facts: { actual: owner, expected: evil } }])
    expect(anew.see().claims).toEqual([])
  })

  test('expect only of a single contract, and only what the config knows', () => {
    const two = [contract('vault', vault), contract('other', good)]
    expect(() => vaultScene({ expect: { owner } }, two)).toThrow('2 contracts')
    expect(() => vaultScene({ expect: { owner: '$nobody' } })).toThrow('$nobody')
  })
})

describe('privileged change in front of hostile data', () => {
  test('is silent about other contracts and about plain blocks', () => {
    const { watch } = vaultScene()
    watch.see()
    expect(watch.see({ transactions: [tx({ logs: [upgraded(evil, good)] })] })).toMatchObject({
      claims: [],
      memory: {},
    })
    expect(watch.see(by())).toMatchObject({ claims: [], blind: [], memory: {} })
  })

  test('says which log it could not read', () => {
    const { watch } = vaultScene()
    const [topic0] = transferred(owner, thief).topics
    const broken: SomeLog[] = [
      { address: vault, topics: [topic0!], data: '0x' },
      { address: vault, topics: [topic0!, word(owner)], data: '0x00' },
      { address: vault, topics: [topic0!, `0x${'f'.repeat(64)}`, word(thief)], data: '0x' },
    ]
    for (const log of broken) {
      expect(watch.see(by([log]))).toMatchObject({ claims: [], blind: [expect.stringContaining('could not be read')] })
    }
  })

  test('is blind where the state cannot be read, and does not take that for a change', () => {
    const { world, watch } = vaultScene()
    watch.see()
    world.down.add(vault)
    expect(watch.see()).toMatchObject({
      claims: [],
      blind: ['implementation of vault could not be read: nobody answers'],
    })
    world.down.clear()
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
  })

  test('bounds what one block can make it say', () => {
    const { watch } = vaultScene()
    const { claims, blind } = watch.see(by(Array.from({ length: 300 }, () => upgraded(evil))))
    expect(claims).toHaveLength(64)
    expect(blind[0]).toContain('more than 64')
  })

  test('does not let a flood of milder or ignored events hide a grave one', () => {
    const paused = event('event Paused(address account)', vault, { account: thief })
    const flood = Array.from({ length: 300 }, () => paused)
    for (const options of [{}, { ignore: ['pause'] }]) {
      const { watch } = vaultScene(options)
      watch.see()
      const titles = watch.see(by([...flood, transferred(owner, thief), ...flood])).claims.map(({ title }) => title)
      expect(titles).toContain('Owner of vault changed from 0x0000…3333 to 0x0000…2222')
    }
  })

  test('keeps one row for each contract and asks little when nothing happens', () => {
    const { watch } = vaultScene()
    for (let i = 0; i < 5; i++) watch.see()
    expect([...watch.memory.keys()]).toEqual([`state ${vault}`])
    expect(watch.see().reads.length).toBeLessThanOrEqual(10)
  })

  test('takes answers that are no address for another function', () => {
    const { world, watch } = vaultScene()
    world
      .set(ask.owner, `0x${'41'.repeat(100_000)}`)
      .set(ask.paused, '0x')
      .settle()
    watch.see()
    world.set(ask.owner, '0x1234')
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
  })
})

test('an event of two standards is read as each of them writes it', () => {
  const either = privilegedEvent<[Address]>('event Upgraded(address indexed implementation)', {
    standard: 'x',
    kind: 'upgrade',
    tell: ([to]) => ({ title: to, facts: {} }),
  })
  const words = { name: 'x', show: (address: Address) => address, self: vault }
  const log = { address: vault, data: word(evil), topics: [either.topic0], logIndex: 0, position: 0 }
  expect(either.tell({ ...log, transactionHash: word(1), transactionIndex: 0 }, words).title).toBe(evil)
})
