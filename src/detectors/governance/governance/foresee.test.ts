import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import { proxySlots } from '../../../evm/proxySlots.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'
import { governance } from '../governance.ts'

const [governor, timelock, vault, usdc, guardian, thief, helper, heir] = Array.from({ length: 8 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address]
const names = [contract('vault', vault), contract('usdc', usdc, { role: 'dependency', kind: 'erc20' })]
const id = word(0xabc)
const pause = '0x8456cb59'
const role = (name: string) => keccak256(toHex(name))
const may = (who: Address) => `call ${vault} ${pause} from ${who}`
const owner = `call ${vault} 0x8da5cb5b`
const start = 1_704_067_200

function dao(options: object = {}) {
  const world = new World()
    .set(owner, word(timelock))
    .set(may(guardian), '0x')
    .holds(usdc, timelock, 6_000n)
    .holds(usdc, vault, 4_000n)
    .settle()
  const on = [
    contract('governor', governor, { kind: 'governor' }),
    contract('timelock', timelock, { kind: 'timelock' }),
  ]
  const guardians = [{ account: guardian, contract: '$vault' }]
  const watch = scene(governance, on, { world, names, options: { guardians, ...options } })
  /** What the world is once the calls are made, as far as it is another. */
  const leadsTo = (change: (after: World) => void) => {
    world.simulated = () => {
      const after = new World()
      for (const [question, answer] of world.now) after.set(question, answer)
      change(after)
      return after
    }
  }
  const see = (...logs: ReturnType<typeof event>[]) =>
    watch.see({ transactions: [tx({ from: thief, to: governor, nonce: 0, logs })] })
  const effects = (seen: ReturnType<typeof see>) => seen.claims.filter(({ key }) => key.startsWith('effect'))
  return { world, watch, leadsTo, see, effects }
}

type Doing = { to: Address; data?: Hex; value?: bigint }
const proposed = (doing: Doing[], description = 'Thank you all', end = 500n) =>
  event(
    'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
    governor,
    {
      ...{ proposalId: 7n, proposer: thief, description, voteStart: 5n, voteEnd: end },
      targets: doing.map(({ to }) => to),
      values: doing.map(({ value = 0n }) => value),
      signatures: doing.map(() => ''),
      calldatas: doing.map(({ data = '0x' }) => data),
    },
  )
const scheduled = (delay: bigint) =>
  event(
    'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
    timelock,
    { id, index: 0n, target: helper, value: 0n, data: '0xdeadbeef', predecessor: word(0), delay },
  )
const ended = (what: string) => event(`event Proposal${what}(uint256 proposalId)`, governor, { proposalId: 7n })

const unknown: Doing = { to: helper, data: '0xdeadbeef' }
const revoke: Doing = { to: vault, data: call('function revokeRole(bytes32 role, address account)', [id, guardian]) }
const grant: Doing = { to: vault, data: call('function grantRole(bytes32 role, address account)', [id, heir]) }
const simulations = (reads: readonly Read[]) => reads.filter(({ kind }) => kind === 'simulation')

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
        'Proposal 7 of governor would take pause() of vault from 0x0000…5555, so that it could no longer be stopped; it can be voted down until block 500 and lacks 75 % of its quorum',
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

describe('what is open is tried again', () => {
  test('and told of once, also where it does something only later', () => {
    const { watch, leadsTo, see, effects } = dao()
    expect(effects(see(proposed([unknown])))).toEqual([])
    leadsTo((after) => after.set(owner, word(thief)))
    const seen = Array.from({ length: 50 }, () => watch.see())
    expect(seen.flatMap(effects).map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Proposal 7 of governor would now, as it would not when it was made, hand vault over/),
    ])
  })

  test('and told of again where it has become graver', () => {
    const { watch, leadsTo, see, effects } = dao()
    leadsTo((after) => after.set(may(guardian), null).set(may(heir), '0x').holds(usdc, timelock, 4_000n))
    const known = effects(see(proposed([revoke, grant], 'Rotate the guardian')))
    expect(known.map(({ severity }) => severity)).toEqual(['medium', 'high'])
    leadsTo((after) => after.set(may(guardian), null).holds(usdc, timelock, 1_000n))
    const graver = Array.from({ length: 50 }, () => watch.see()).flatMap(effects)
    expect(graver).toMatchObject([
      { severity: 'high', facts: { heir: null } },
      { severity: 'high', facts: { amount: '5000' } },
    ])
  })

  test('every so many blocks, and in every block near its end', () => {
    const { watch, see } = dao({ simulateEvery: 20 })
    expect(simulations(see(proposed([unknown], 'x', 1_000n)).reads)).toHaveLength(2)
    const counts = Array.from({ length: 45 }, () => simulations(watch.see().reads).length)
    expect(counts.filter((count) => count > 0)).toEqual([2, 2])
    const soon = dao()
    soon.see(proposed([unknown], 'x', 40n))
    expect(Array.from({ length: 3 }, () => simulations(soon.watch.see().reads).length)).toEqual([2, 2, 2])
  })

  test('until it is carried out, called off or voted down', () => {
    for (const what of ['Executed', 'Canceled']) {
      const { watch, see } = dao()
      see(proposed([unknown], 'x', 10n))
      see(ended(what))
      expect(watch.see().reads).toEqual([])
      expect([...watch.memory.keys()].filter((key) => key.includes('calls'))).toEqual([])
    }
    const { world, watch, see } = dao()
    see(proposed([unknown], 'x', 10n))
    world.set(`call ${governor} 0x3e4f49e6${word(7).slice(2)}`, 3n)
    watch.see()
    expect(watch.see().reads).toEqual([])
  })

  test('an operation at the time from which it can be executed', () => {
    const { see } = dao()
    const [first] = simulations(see(scheduled(86_400n)).reads)
    expect(first).toMatchObject({ time: start + 86_401, calls: [{ from: timelock, to: helper, data: '0xdeadbeef' }] })
    expect(simulations(dao().see(scheduled(2n ** 200n)).reads)[0]).not.toHaveProperty('time')
  })

  test('with the coins that it pays along, which its executor may bring in the same transaction', () => {
    const { reads } = dao().see(proposed([{ to: helper, value: 10n ** 24n }, unknown]))
    expect(simulations(reads)).toMatchObject([{ rich: true }, { rich: true }])
  })

  test('never where nobody wants it', () => {
    const { watch, see } = dao({ simulateEvery: 0 })
    expect(simulations(see(proposed([unknown], 'x', 10n)).reads)).toEqual([])
    expect(watch.see().reads).toEqual([])
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
