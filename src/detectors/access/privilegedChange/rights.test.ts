import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ask,
  by,
  evil,
  good,
  owner,
  thief,
  transferred,
  vault,
  vaultScene,
} from '../../../../test/harness/detectors/privilegedChangeScene.ts'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

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
