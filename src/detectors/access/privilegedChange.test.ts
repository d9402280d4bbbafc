import { describe, expect, test } from 'vitest'
import {
  beacon,
  by,
  evil,
  good,
  slot,
  storage,
  thief,
  upgraded,
  vault,
  vaultScene,
} from '../../../test/harness/detectors/privilegedChangeScene.ts'
import { contract, scene, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { privilegedChange } from './privilegedChange.ts'
import { privilegedEvent } from './privilegedEvent.ts'

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
