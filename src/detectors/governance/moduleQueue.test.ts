import { encodePacked } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  added,
  ana,
  day,
  delay,
  grave,
  library,
  type Order,
  pay,
  queueScene,
  roles,
  safe,
  start,
  thief,
  usdc,
} from '../../../test/harness/detectors/moduleQueueScene.ts'
import { account, call, event } from '../../../test/harness/node/block.ts'
import { word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'

const acted = (module: Address = delay) =>
  event('event ExecutionFromModuleSuccess(address indexed module)', safe, { module })
const executeNext = ({ to, value = 0n, data = '0x', operation = 0 }: Order) =>
  call('function executeNextTx(address to, uint256 value, bytes data, uint8 operation)', [to, value, data, operation])

describe('module-queue on a Delay', () => {
  test('tells what is queued by its content, until when it can be stopped, and how', () => {
    const { queue } = queueScene()
    const { claims, blind, block } = queue(pay(thief, 9_600n))
    expect(blind).toEqual([])
    expect(claims.map(({ address }) => address)).toEqual([delay, safe])
    expect(claims[0]).toMatchObject({
      severity: 'high',
      title: expect.stringMatching(
        /^Operation 0, scheduled in delay and executable from .* it moves 96 % of usdc of safe$/,
      ),
      facts: { account: safe, stoppableUntil: `${block.timestamp + day}`, score: '70' },
      group: `governance operation ${delay} 0`,
    })
  })

  test.each([
    ['a small payment', 50n, 'low'],
    ['a payment of a tenth', 1_000n, 'medium'],
    ['one unit below half', 4_999n, 'medium'],
    ['half', 5_000n, 'high'],
  ])('weighs %s as governance does', (_, amount, severity) => {
    expect(queueScene().queue(pay(account(0x9999), amount)).claims[0]?.severity).toBe(severity)
  })

  test('weighs what takes the module itself over', () => {
    const setCooldown = { to: delay, data: call('function setTxCooldown(uint256 cooldown)', [0n]) }
    const assign = call('function assignRoles(address module, bytes32[] roleKeys, bool[] memberOf)', [
      thief,
      [word(1)],
      [true],
    ])
    expect(queueScene().queue(setCooldown).claims[0]).toMatchObject({ severity: 'high', facts: { score: '70' } })
    expect(queueScene().queue({ to: roles, data: assign }, { from: thief }).claims[0]).toMatchObject({
      severity: 'high',
      facts: { score: '70' },
    })
  })

  test('takes no batch for code of strangers, and no code of strangers for a batch', () => {
    const batch = (to: Address) => {
      const part = encodePacked(
        ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
        [0, usdc, 0n, 68n, pay(account(0x9999), 50n).data!],
      )
      return { to, operation: 1, data: call('function multiSend(bytes transactions)', [part]) }
    }
    expect(queueScene().queue(batch('0x9641d764fc13c8b624c04430c7356c1c7c8102e2')).claims[0]?.severity).toBe('low')
    const { claims } = queueScene().queue(batch(library))
    expect(claims[0]?.facts.reasons).toContainEqual(expect.stringContaining('by delegatecall'))
    expect(claims[0]?.severity).toBe('high')
  })

  test('is over when an ordinary order was executed, and silent meanwhile', () => {
    const { queue, run, set } = queueScene()
    queue(pay(account(0x9999), 50n))
    set({ txNonce: 1n })
    const seen = run([acted()], { input: executeNext(pay(account(0x9999), 50n)) }, start + 2 * day)
    expect(seen).toMatchObject({ claims: [], blind: [], cleared: [`governance operation ${delay} 0`] })
  })

  test('tells that a grave order was executed, in its alert', () => {
    const { queue, run, set } = queueScene()
    queue(pay(thief, 9_600n))
    set({ txNonce: 1n })
    const seen = run([acted()], { from: thief, input: executeNext(pay(thief, 9_600n)) }, start + 2 * day)
    expect(seen.claims).toMatchObject([
      { severity: 'high', evidence: 'hard', address: safe, group: `governance operation ${delay} 0` },
    ])
    expect(seen.cleared).toEqual([])
  })

  test('is over when a grave order was skipped', () => {
    const { queue, run, set } = queueScene()
    queue(pay(thief, 9_600n))
    set({ txNonce: 1n })
    expect(run([])).toMatchObject({ claims: [], cleared: [`governance operation ${delay} 0`] })
  })

  test('sees that one was skipped through another contract, when it asks again', () => {
    const { queue, run, set, watch } = queueScene({ everyBlocks: 2 })
    queue(pay(thief, 9_600n))
    set({ txNonce: 1n })
    const seen = [run([], { to: safe }), watch.see(), watch.see()]
    expect(seen.flatMap(({ cleared }) => cleared)).toEqual([`governance operation ${delay} 0`])
  })

  test('finds what was executed without having been queued', () => {
    const { run } = queueScene()
    expect(run([acted()], { from: thief }).claims).toMatchObject([
      {
        severity: 'critical',
        address: safe,
        title: 'delay made safe execute something which had not been queued before',
      },
    ])
  })

  test('finds what was queued and executed in one block', () => {
    const { run, set } = queueScene()
    set({ txNonce: 1n, queueNonce: 1n })
    expect(grave(run([added(0n, pay(thief, 50n)), acted()]))).toMatchObject([{ severity: 'critical' }])
  })

  test('pages nobody for the same in a module without a cooldown', () => {
    const { run, set, world } = queueScene()
    set({ txCooldown: 0n })
    world.settle()
    set({ txNonce: 1n, queueNonce: 1n })
    expect(grave(run([added(0n, pay(account(0x9999), 50n)), acted()]))).toEqual([])
  })

  test.each([
    ['a second before its time', -1, ['critical']],
    ['at its time', 0, []],
  ])('judges what is executed %s', (_, off, severities) => {
    const { queue, run, set } = queueScene()
    const { block } = queue(pay(account(0x9999), 50n))
    set({ txNonce: 1n })
    const seen = run([acted()], {}, block.timestamp + day + off)
    expect(seen.claims.map(({ severity }) => severity)).toEqual(severities)
  })

  test('finds that something else was executed than what was queued', () => {
    const { queue, run, set } = queueScene()
    queue(pay(account(0x9999), 50n))
    set({ txNonce: 1n })
    const seen = run([acted()], { input: executeNext(pay(thief, 9_600n)) }, start + 2 * day)
    expect(seen.claims).toMatchObject([
      { severity: 'critical', title: expect.stringContaining('not what had been queued') },
    ])
  })

  test('says that it is blind where the module does not answer, and of a log that cannot be read', () => {
    const { run, world, queue } = queueScene()
    queue(pay(thief, 9_600n))
    world.down.add(delay)
    expect(run([acted()]).blind).toEqual([
      expect.stringContaining('Whether delay had queued what it executed'),
      expect.stringContaining('How far the queue of delay is'),
    ])
    const cut = { ...added(1n, pay(ana, 1n)), data: '0x' as Hex }
    expect(run([cut]).blind[0]).toMatch(/TransactionAdded of delay could not be read/)
  })

  test('judges no module of another Safe, and no other event of ours', () => {
    const { run } = queueScene()
    const other = { ...added(0n, pay(thief, 9_600n)), address: account(0xeeee) }
    expect(run([other, acted(account(0xeeee))])).toMatchObject({ claims: [], blind: [] })
  })

  test('bounds what it judges and remembers, and says so', () => {
    const { run, watch } = queueScene()
    for (let block = 0n; block < 5n; block++) {
      const many = Array.from({ length: 40 }, (_, place) => added(100n * block + BigInt(place), pay(ana, 1n)))
      expect(run(many).blind).toContainEqual(expect.stringContaining('More than 15 orders in one block'))
    }
    expect([...watch.memory.values()].flat()).toHaveLength(64)
    expect(run([added(900n, pay(ana, 1n))]).blind).toContainEqual(expect.stringContaining('the oldest are forgotten'))
  })
})
