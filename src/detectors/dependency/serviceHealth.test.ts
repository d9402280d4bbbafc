import { keccak256, parseAbi, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, log, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { shortAddress } from '../showAddress.ts'
import { serviceHealth } from './serviceHealth.ts'

const [vaultAddress, keeper, second, ana] = [account(0x1111), account(0x2222), account(0x3333), account(0x4444)]
const signature = 'event Reported(uint256 rate)'
const vault = contract('vault', vaultAddress, { abi: parseAbi([signature]) })
const names = [contract('keeper', keeper, { role: 'dependency' })]
const report = 'function report(uint256 rate)'
const start = 1_704_067_200
const hour = 3600

const reported = (from: Address = keeper, status: 'success' | 'reverted' = 'success', what = report) =>
  tx({
    from,
    to: vaultAddress,
    input: what === report ? call(report, [1n]) : call(what),
    status,
    logs: status === 'success' ? [event(signature, vaultAddress, { rate: 1n })] : [],
  })

/** A keeper that reports every hour, and has done so for so long. */
function kept({
  hours = 12,
  options = {},
  world = new World(),
}: {
  hours?: number
  options?: object
  world?: World
} = {}) {
  const watch = scene(serviceHealth, [vault], { options: { services: ['$keeper'], ...options }, names, world })
  const at = (seconds: number, ...transactions: ReturnType<typeof tx>[]) =>
    watch.see({ timestamp: start + Math.round(seconds), transactions })
  for (let past = 0; past < hours; past++) expect(at(past * hour, reported()).claims).toEqual([])
  return { watch, at, last: (hours - 1) * hour }
}
const words = ({ claims }: { claims: { title: string; severity?: string }[] }) =>
  claims.map(({ title, severity }) => [title, severity])

describe('a service that is silent', () => {
  test('is medium when it is late by its own rhythm, grave at twice that, and over when it works again', () => {
    const { at, last } = kept()
    expect(at(last + 4 * hour).claims).toEqual([])
    expect(words(at(last + 4 * hour + 1))).toEqual([
      [
        '4 hours have passed since keeper called 0xa93338fe of vault: usual is 60 minutes'.replace(
          '0xa93338fe',
          selector,
        ),
        'medium',
      ],
    ])
    expect(at(last + 8 * hour).claims).toEqual([])
    const [grave] = at(last + 8 * hour + 1).claims
    expect(grave).toMatchObject({ address: vaultAddress, evidence: 'soft', facts: { limitSeconds: 4 * hour } })
    expect(grave).not.toHaveProperty('severity')
    expect(at(last + 20 * hour).claims).toEqual([])
    expect(at(last + 20 * hour + 12, reported())).toMatchObject({ claims: [], cleared: [`silent ${vaultAddress}`] })
  })

  test('is not known before it worked six times, nor late before the least time that is told', () => {
    const early = kept({ hours: 5 })
    expect(early.at(early.last + 90 * hour).claims).toEqual([])
    const patient = kept({ options: { leastSeconds: 30 * hour } })
    expect(patient.at(patient.last + 30 * hour).claims).toEqual([])
    const late = kept({ hours: 32, options: { leastSeconds: 30 * hour } })
    expect(late.at(late.last + 30 * hour).claims).toEqual([])
    expect(late.at(late.last + 30 * hour + 1).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('never pages where it works by need and not by the clock', () => {
    const { at } = kept({ hours: 5 })
    expect(at(24 * hour, reported()).claims).toEqual([])
    expect(at(84 * hour).claims).toEqual([])
    const said = [100, 200, 400].flatMap((hours) => at(hours * hour).claims)
    expect(said.map(({ severity }) => severity)).toEqual(['medium'])
  })

  test('never pages where it worked for less long than it may be silent', () => {
    const { at } = kept({ hours: 0 })
    for (let minute = 0; minute < 15; minute++) at(60 * minute, reported())
    const said = [16, 32, 64, 128].flatMap((minutes) => at(60 * (14 + minutes)).claims)
    expect(said.map(({ severity }) => severity)).toEqual(['medium'])
    const longer = kept({ hours: 0 })
    for (let minute = 0; minute < 16; minute++) longer.at(60 * minute, reported())
    expect(longer.at(60 * 46).claims.map(({ severity }) => severity)).toEqual([undefined])
  })

  test('is grave at once when a promised time is over, counted from the first block', () => {
    const { at } = kept({ hours: 0, options: { within: hour } })
    at(0)
    expect(at(hour).claims).toEqual([])
    expect(at(hour + 1).claims).toHaveLength(1)
    expect(at(2 * hour, reported()).cleared).toHaveLength(1)
  })

  test('works by a rule for the work, whoever does it, and by contracts in between', () => {
    const within = { within: hour, services: [] }
    const ruled = kept({ hours: 0, options: { ...within, of: 'event Reported' } })
    ruled.at(0)
    const inside = tx({ from: ana, to: second, logs: [event(signature, vaultAddress, { rate: 1n })] })
    expect(ruled.at(hour, inside).claims).toEqual([])
    expect(ruled.at(2 * hour).claims).toEqual([])
    expect(ruled.at(2 * hour + 1).claims).toHaveLength(1)
    const through = kept({ options: {} })
    const mine = tx({ from: keeper, to: second, logs: [event(signature, vaultAddress, { rate: 1n })] })
    expect(through.at(through.last + hour, mine).claims).toEqual([])
    expect(through.watch.memory.get(vaultAddress)).toMatchObject({ works: 13 })
  })

  test('works inside transactions of others where calls are looked at, and only what took effect', () => {
    const inside = (reverted = false) =>
      tx({
        from: ana,
        to: keeper,
        status: reverted ? 'reverted' : 'success',
        calls: [{ from: keeper, to: vaultAddress, input: call(report, [1n]) }],
      })
    const worksOf = (options: object) => {
      const { at, watch } = kept({ hours: 0, options })
      for (let past = 0; past < 7; past++) at(past * hour, inside())
      at(7 * hour, inside(true))
      return (watch.memory.get(vaultAddress) as { works: number }).works
    }
    expect(worksOf({ internal: 'touching' })).toBe(7)
    expect(worksOf({})).toBe(0)
  })

  test('is blind for events that it cannot decode, which are no work', () => {
    const { at } = kept({ hours: 0, options: { of: 'event Reported if rate > 0', within: hour, services: [] } })
    at(0)
    const topics = event(signature, vaultAddress, { rate: 1n }).topics
    const broken = at(hour, tx({ logs: [log({ address: vaultAddress, topics, data: '0x12' })] }))
    expect(broken.blind).toHaveLength(1)
    expect(at(hour + 1).claims).toHaveLength(1)
  })
})

const selector = call(report, [1n]).slice(0, 10)

describe('somebody else who does the work', () => {
  test('is grave once it had been done by the service alone, and told of once', () => {
    const { at, last } = kept()
    const seen = at(last + hour, reported(ana))
    const title = `${shortAddress(ana)} did what only keeper did before: ${selector} of vault`
    expect(words(seen)).toEqual([[title, undefined]])
    expect(at(last + 2 * hour, reported(ana)).claims).toEqual([])
  })

  test.each([
    ['may do it by the config', { allowed: [ana] }, new World()],
    [
      'is named by the contract',
      { namedBy: '0xaced1661' },
      new World().set(`call ${vaultAddress} 0xaced1661`, BigInt(ana)),
    ],
    [
      'holds the role',
      { role: keccak256(toHex('KEEPER_ROLE')) },
      new World().set(
        `call ${vaultAddress} 0x91d14854${keccak256(toHex('KEEPER_ROLE')).slice(2)}${word(ana).slice(2)}`,
        1n,
      ),
    ],
  ])('is a new key where it %s', (_, options, world) => {
    const { at, last } = kept({ options, world })
    expect(at(last + hour, reported(ana))).toMatchObject({ claims: [], blind: [] })
  })

  test('is told of where the contract names another, and blind where nobody can tell', () => {
    const world = new World().set(`call ${vaultAddress} 0xaced1661`, BigInt(keeper))
    const { at, last } = kept({ options: { namedBy: '0xaced1661' }, world })
    world.down.add('0xaced1661')
    expect(at(last + 60, reported(second)).blind).toHaveLength(1)
    world.down.clear()
    expect(at(last + hour, reported(ana)).claims).toHaveLength(1)
  })

  test('is no news where all may do it: others did before, or it failed', () => {
    const { at, last } = kept({ hours: 0 })
    at(0, reported(ana))
    for (let past = 1; past < 12; past++) at(past * hour, reported())
    expect(at(12 * hour, reported(second)).claims).toEqual([])
    const own = kept()
    expect(own.at(last + 12 * hour, reported(ana, 'reverted')).claims).toEqual([])
    expect(own.at(own.last + 300, reported(ana, 'success', 'function deposit()')).claims).toEqual([])
  })
})

describe('a service unlike itself', () => {
  const sweep = 'function sweep()'

  test('is told of when it does something new after ten works that were not, and graver after thirty', () => {
    const young = kept({ hours: 10 })
    expect(young.at(young.last + hour, reported(keeper, 'success', sweep)).claims).toEqual([])
    const known = kept({ hours: 11 })
    expect(known.at(known.last + hour, reported(keeper, 'success', sweep)).claims).toMatchObject([
      { severity: 'medium', confidence: 'low' },
    ])
    const old = kept({ hours: 31 })
    const [claim] = old.at(old.last + hour, reported(keeper, 'success', sweep)).claims
    expect(claim?.title).toMatch(/^keeper called 0x\w{8} of vault, which it never did in 31 works$/)
    expect(claim).not.toHaveProperty('severity')
  })

  test('is told of when it says a number further from the last than ever before', () => {
    const say = (value: bigint) => tx({ from: keeper, to: vaultAddress, input: call(report, [value]) })
    const told = (next: bigint, steps: readonly bigint[] = [0n, 1n, 2n, 3n, 4n, 5n]) => {
      const { at } = kept({ hours: 0 })
      for (const [hours, step] of steps.entries()) at(hours * hour, say(1_000_000n + 1_000n * step))
      return words(at(steps.length * hour, say(next)))
    }
    const title = (to: string) => `keeper told vault ${to} after 1,005,000, further than ever before (${selector})`
    expect(told(1_256_000n)).toEqual([])
    expect(told(1_257_000n)).toEqual([[title('1,257,000'), 'medium']])
    expect(told(3_000_000n)).toEqual([[title('3,000,000'), undefined]])
    expect(told(400_000n)).toEqual([[title('400,000'), undefined]])
    // Too few were heard; or it always told large and small ones; or it is no number.
    expect(told(3_000_000n, [0n, 1n, 2n, 3n, 5n])).toEqual([])
    expect(told(3_000_000n, [0n, 1_000n, 0n, 1_000n, 0n, 1_000n, 5n])).toEqual([])
    expect(told(1n << 200n)).toEqual([])
    expect(told(0n)).toEqual([[title('1'), undefined]])
    const modes = [0n, 1n, 0n, 1n, 0n, 1n, 0n].map((mode) =>
      tx({ from: keeper, to: vaultAddress, input: call(report, [mode]) }),
    )
    const { at } = kept({ hours: 0 })
    for (const [hours, mode] of modes.entries()) at(hours * hour, mode)
    expect(at(8 * hour, say(999n)).claims).toEqual([])
  })

  test('is told of when its calls fail in a row, more often than ever before', () => {
    const { at, last } = kept()
    const fail = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) => at(from + index * 12, reported(keeper, 'reverted'))).flatMap(words)
    expect(fail(4, last + 60)).toEqual([])
    expect(fail(1, last + 240)).toEqual([['The last 5 calls of keeper at vault failed', 'medium']])
    expect(fail(5, last + 300)).toEqual([['The last 10 calls of keeper at vault failed', undefined]])
    expect(at(last + hour, reported()).cleared).toEqual([`failing ${vaultAddress}`])
    // Ten were overcome: only twenty are strange now.
    expect(fail(19, last + hour + 60)).toEqual([])
    expect(fail(1, last + hour + 600)).toHaveLength(1)
  })

  test('is no router of which others ask this and that: what fails there need not have failed here', () => {
    const failed = (through: Address) => tx({ from: ana, to: through, input: call(report, [1n]), status: 'reverted' })
    const done = (logs = [event(signature, vaultAddress, { rate: 1n })]) =>
      tx({ from: ana, to: keeper, input: call(report, [1n]), logs })
    const failing = (first: ReturnType<typeof tx>, options: object = {}, last = failed(keeper)) => {
      const { at } = kept({ hours: 0, options })
      at(0, done())
      at(12, first)
      return Array.from({ length: 10 }, (_, index) => at(24 + index * 12, last)).flatMap(words)
    }
    expect(failing(done())).toHaveLength(2)
    expect(failing(done([]))).toEqual([])
    // Where calls are known they say whether it came here.
    const inside = (to: Address) => tx({ ...failed(keeper), calls: [{ from: keeper, to, error: 'out of gas' }] })
    const traced = { internal: 'touching' }
    expect(failing(done(), traced, inside(second))).toEqual([])
    expect(failing(done(), traced, inside(vaultAddress))).toHaveLength(2)
  })

  test('is not whoever calls the contract himself, though a contract of the service tells of it', () => {
    const { at } = kept({ hours: 0 })
    const say = (rate: bigint) =>
      tx({ from: ana, to: vaultAddress, input: call(report, [rate]), logs: [log({ address: keeper })] })
    for (let past = 0; past < 12; past++) at(past * hour, say(10n ** 18n))
    expect(at(12 * hour, say(10n ** 21n)).claims).toEqual([])
  })

  test('is not a wallet that sends tokens, as all who hold some do', () => {
    const send = (from: Address) =>
      tx({ from, to: vaultAddress, input: call('function transfer(address to, uint256 value)', [second, 1n]) })
    const { at } = kept({ hours: 0 })
    for (let past = 0; past < 12; past++) at(past * hour, send(keeper))
    expect(at(12 * hour, send(ana)).claims).toEqual([])
  })

  test('keeps little, whatever it does', () => {
    const { at, watch } = kept({ hours: 0 })
    for (let kind = 0; kind < 200; kind++) {
      const input = `0x${(kind + 1).toString(16).padStart(8, '0')}` as const
      at(
        kind * 12,
        tx({ from: keeper, to: vaultAddress, input }),
        tx({ from: ana, to: vaultAddress, input: `${input}00` }),
      )
    }
    expect(JSON.stringify(watch.memory.get(vaultAddress)).length).toBeLessThan(6_000)
  })

  test('needs to know whose work, or which', () => {
    expect(() => serviceHealth.options.parse({})).toThrow('give services')
  })
})
