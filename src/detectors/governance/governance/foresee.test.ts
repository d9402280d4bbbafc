import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  dao,
  grant,
  guardian,
  heir,
  helper,
  may,
  owner,
  proposed,
  revoke,
  thief,
  unknown,
  usdc,
  vault,
} from '../../../../test/harness/detectors/foreseeScene.ts'
import { type Doing, ended, governor, start, timelock } from '../../../../test/harness/detectors/governanceScene.ts'
import { call, type event, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import { proxySlots } from '../../../evm/proxySlots.ts'
import type { Address } from '../../../model/chain.ts'

const role = (name: string) => keccak256(toHex(name))

describe('what would be so after a proposal', () => {
  test('a guardian who could no longer pause is worth waking people', () => {
    const { world, leadsTo, see, effects } = dao()
    world
      .set(`call ${governor} 0x544ffc9c${word(7).slice(2)}`, `${word(0)}${word(250).slice(2)}${word(0).slice(2)}`)
      .set(`call ${governor} 0x24bc1a64`, 1_000n)
    leadsTo((after) => after.set(may(guardian), null))
    const [claim, ...others] = effects(see(proposed([revoke])))
    expect(others).toEqual([])
    expect(claim).toMatchObject({
      severity: 'high',
      evidence: 'soft',
      address: vault,
      title:
        'Proposal 7 of governor would take pause() of vault from 0x0000…5555, so that it could no longer be stopped; stop it by vote until block 500 (75 % of its quorum is missing)',
      facts: { guardian, heir: null, votesMissing: '750', voteEnd: '500', description: 'Thank you all' },
    })
  })

  test('one whose place another takes is not, where the text says so', () => {
    const { leadsTo, see, effects } = dao()
    leadsTo((after) => after.set(may(guardian), null).set(may(heir), '0x'))
    expect(effects(see(proposed([revoke, grant], 'Rotate the guardian')))).toMatchObject([
      { severity: 'medium', title: expect.stringContaining(`and give it to 0x0000…8888`), facts: { heir } },
    ])
    const silent = dao()
    silent.leadsTo((after) => after.set(may(guardian), null).set(may(heir), '0x'))
    expect(silent.effects(silent.see(proposed([revoke, grant])))).toMatchObject([{ severity: 'high' }])
  })

  test('nor is one whose place another took by an order before, for sixty days', () => {
    const later = (seconds: number, canStill = true) => {
      const { world, watch, leadsTo, effects } = dao()
      const see = (timestamp: number, ...logs: ReturnType<typeof event>[]) =>
        watch.see({ timestamp, transactions: [tx({ from: thief, to: governor, nonce: 0, logs })] })
      see(start, proposed([grant], 'A second guardian'))
      see(start + 12, ended('Executed'))
      if (canStill) world.set(may(heir), '0x')
      leadsTo((after) => after.set(may(guardian), null))
      return effects(see(start + seconds, proposed([revoke], 'The first guardian leaves'))).map(
        ({ severity }) => severity,
      )
    }
    expect(later(86_400)).toEqual(['medium'])
    expect(later(60 * 86_400)).toEqual(['high'])
    expect(later(86_400, false)).toEqual(['high'])
  })

  test('a role can be what must be kept', () => {
    const held = (who: Address) => `call ${timelock} 0x91d14854${role('CANCELLER_ROLE').slice(2)}${word(who).slice(2)}`
    const options = { guardians: [{ account: guardian, contract: timelock, role: 'CANCELLER_ROLE' }] }
    const { world, leadsTo, see, effects } = dao(options)
    world.set(held(guardian), 1n).settle()
    leadsTo((after) => after.set(held(guardian), 0n))
    expect(effects(see(proposed([revoke])))).toMatchObject([
      {
        severity: 'high',
        address: timelock,
        title: expect.stringContaining('would take CANCELLER_ROLE of timelock from 0x0000…5555'),
      },
    ])
    const kept = dao(options)
    kept.world.set(held(guardian), 1n).settle()
    expect(kept.effects(kept.see(proposed([revoke])))).toEqual([])
  })

  test('one who could not pause before is no loss', () => {
    const { world, leadsTo, see, effects } = dao()
    world.set(may(guardian), null).settle()
    leadsTo((after) => after.set(may(guardian), null))
    expect(effects(see(proposed([revoke])))).toEqual([])
  })

  test('an owner or code that no call names is told of; what the calls say is not', () => {
    const { leadsTo, see, effects } = dao()
    leadsTo((after) => after.set(owner, word(thief)))
    expect(effects(see(proposed([unknown])))).toMatchObject([
      {
        severity: 'high',
        address: vault,
        title: expect.stringContaining('would hand vault over from timelock to 0x0000…6666'),
      },
    ])
    const handed = { to: vault, data: call('function transferOwnership(address owner)', [thief]) }
    const openly = dao()
    openly.leadsTo((after) => after.set(owner, word(thief)))
    expect(openly.effects(openly.see(proposed([handed])))).toEqual([])
    const ours = dao()
    ours.leadsTo((after) => after.set(owner, word(governor)))
    expect(ours.effects(ours.see(proposed([unknown])))).toEqual([])
    const proxy = dao()
    const code = `storage ${vault} ${proxySlots.implementation}`
    proxy.leadsTo((after) => after.set(code, word(helper)))
    expect(proxy.effects(proxy.see(proposed([unknown])))).toMatchObject([
      { severity: 'high', title: expect.stringContaining('would put the code of 0x0000…7777 behind vault') },
    ])
  })

  test('money that leaves is told of from the limit on, and not where the calls say it', () => {
    const loses = (left: bigint, doing: Doing[]) => {
      const { leadsTo, see, effects } = dao()
      leadsTo((after) => after.holds(usdc, timelock, left))
      return effects(see(proposed(doing)))
    }
    expect(loses(5_000n, [unknown])).toMatchObject([
      {
        severity: 'high',
        address: timelock,
        title: expect.stringContaining('would take 10 % of the usdc out of timelock'),
        facts: { amount: '1000' },
      },
    ])
    expect(loses(5_001n, [unknown])).toEqual([])
    const pay = (amount: bigint) => ({
      to: usdc,
      data: call('function transfer(address to, uint256 amount)', [heir, amount]),
    })
    expect(loses(5_000n, [pay(1_000n)])).toEqual([])
    expect(loses(5_000n, [pay(900n), unknown])).toHaveLength(1)
  })

  test('money that moves among ours is not lost', () => {
    const { leadsTo, see, effects } = dao()
    leadsTo((after) => after.holds(usdc, timelock, 0n).holds(usdc, vault, 10_000n))
    expect(effects(see(proposed([unknown])))).toEqual([])
  })
})

describe('what cannot be simulated', () => {
  test('is said once, and again only after it had worked', () => {
    const { world, watch, see } = dao()
    world.down.add('simulation')
    expect(see(proposed([unknown], 'x', 40n)).blind).toEqual([
      'What proposal 7 would do could not be simulated: nobody answers',
    ])
    expect([watch.see(), watch.see()].flatMap(({ blind }) => blind)).toEqual([])
    world.down.clear()
    expect(watch.see().blind).toEqual([])
    world.down.add('simulation')
    expect(watch.see().blind).toHaveLength(1)
  })

  test('as it is too large is said, and nothing of it is kept', () => {
    const { watch, see } = dao()
    const { blind } = see(
      proposed(
        Array.from({ length: 65 }, () => unknown),
        'x',
        40n,
      ),
    )
    expect(blind).toEqual([expect.stringContaining('is not simulated: its calls are too many or too long')])
    expect(watch.see().reads).toEqual([])
  })

  test('wants guardians that the config knows, and functions that can be tried', () => {
    const one = { account: guardian, contract: '$nobody' }
    expect(() => dao({ guardians: [one] })).toThrow('$nobody')
    expect(() => dao({ guardians: [{ ...one, may: 'pause(uint256)' }] })).toThrow('without arguments')
  })
})
