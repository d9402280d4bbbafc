import { describe, expect, test } from 'vitest'
import { contract } from '../../../test/harness/scene.ts'
import type { Address, Block, Hex } from '../../model/chain.ts'
import type { Finding, Json } from '../../model/finding.ts'
import type { Sign } from '../../model/sign.ts'
import { attackSigns } from './attackSigns.ts'

const [vault, market]: Address[] = [`0x${'aa'.repeat(20)}`, `0x${'bb'.repeat(20)}`]
const [thief, helper, trader]: Address[] = ['01', '02', '03'].map((each): Address => `0x${each.repeat(20)}`)
const hour = 3_600
let count = 0

const sign = (detector: string, rest: Partial<Finding> & Partial<Sign> = {}): Sign => {
  const { actors = [thief!], stage = 'exploitation', restsOn = 'calls', ...finding } = rest
  return {
    stage,
    restsOn,
    actors,
    finding: {
      id: `finding ${count++}`,
      monitor: `my-${detector}`,
      detector,
      chainId: 1,
      severity: 'medium',
      confidence: 'medium',
      evidence: 'soft',
      title: `It is ${detector}`,
      address: vault!,
      transactionHash: `0x${'11'.repeat(32)}`,
      facts: {},
      alertKey: 'key',
      ...finding,
    },
  }
}
const created = (rest: Partial<Finding> & Partial<Sign> = {}) =>
  sign('fresh-contract', { severity: 'low', stage: 'preparation', restsOn: 'code', actors: [thief!, helper!], ...rest })
const pushed = (rest = {}) => sign('round-trip', { restsOn: 'prices', ...rest })
const lost = (rest = {}) =>
  sign('own-loss', { restsOn: 'value', severity: 'high', evidence: 'hard', actors: [helper!], ...rest })

/** Hands the monitor the signs of one block after the other, each with its time in hours. */
function watch(...blocks: [hours: number, signs: Sign[]][]) {
  const targets = [contract('vault', vault!), contract('market', market!)]
  const compiled = attackSigns.compile({
    options: {},
    targets,
    when: undefined,
    names: new Map([...targets, contract('team', trader!)].map((each) => [each.name, each])),
    chain: { name: 'testnet', id: 1 },
  })
  const memory = new Map<string, Json>()
  return blocks.map(([hours, signs], place) => {
    const block = { number: 100 + place, timestamp: 1_700_000_000 + hours * hour } as Block
    const asked = { kind: 'block' as const, block, logs: [], outcomes: [], ticked: false, signs }
    const { claims, memory: next } = compiled.detect({ ...asked, state: () => expect.unreachable() }, memory)
    for (const [key, value] of Object.entries(next ?? {})) memory.set(key, JSON.parse(JSON.stringify(value)))
    return claims!
  })
}
const only = (claims: ReturnType<typeof watch>) => claims.flat().map(({ severity, address }) => [severity, address])

describe('signs of one attack', () => {
  test('are a precise one and one more by the same hand, though each came by another account', () => {
    const [first, second] = watch([0, [created()]], [1, [lost()]])
    expect(first).toEqual([])
    expect(second).toMatchObject([
      {
        severity: 'critical',
        evidence: 'hard',
        confidence: 'high',
        address: vault,
        title: '2 signs of an attack on vault by 0x0101…0101 and 1 more: It is own-loss',
        facts: {
          score: '10 = 7.4 + 2.6. One sign is precise, and one that rests on something else is enough beside it',
          ...{ lost: [vault], used: [], actors: [thief, helper] },
        },
      },
    ])
    expect(second![0]!.facts.signs).toEqual([
      '7.4: It is own-loss (my-own-loss, exploitation, rests on value, now)',
      '2.6: It is fresh-contract (my-fresh-contract, preparation, rests on code, 60 min ago)',
    ])
  })

  test('are three that rest on different things and are heavy enough together', () => {
    const [claims] = watch([0, [pushed(), sign('reentrancy'), created()]])
    expect(claims).toMatchObject([
      {
        severity: 'high',
        address: vault,
        facts: {
          score:
            '15.5 = 6.4 + 6.4 + 2.7. No sign is precise, and their sum is what counts: 11.5 is 100,000 to 1 against chance',
        },
      },
    ])
    expect(only(watch([0, [pushed(), sign('reentrancy')]]))).toEqual([])
    const light = { severity: 'low' } as const
    expect(only(watch([0, [pushed(light), sign('reentrancy', light), created()]]))).toEqual([])
  })

  test('are not two that rest on the same thing, however many', () => {
    const same = Array.from({ length: 20 }, () => sign('reentrancy', { severity: 'critical' }))
    expect(only(watch([0, [...same, sign('rounding-loop')]]))).toEqual([])
  })

  test('are not those of strangers to each other', () => {
    expect(only(watch([0, [pushed(), lost({ actors: [helper!] })]]))).toEqual([])
  })

  test('are not those of our own people', () => {
    const team = { actors: [trader!] }
    expect(only(watch([0, [pushed(team), sign('reentrancy', team), lost(team)]]))).toEqual([])
  })

  test('fade: a contract made days ago is no second sign', () => {
    expect(only(watch([0, [created()]], [5, [lost()]]))).toEqual([['critical', vault]])
    expect(only(watch([0, [created()]], [48, [lost()]]))).toEqual([])
  })

  test('include what nobody in particular did to the same contract within the hour', () => {
    const off = (address: Address) =>
      sign('oracle-deviation', { restsOn: 'prices', severity: 'high', actors: [], transactionHash: null, address })
    expect(only(watch([0, [off(vault!)]], [0.5, [created()]]))).toEqual([['critical', vault]])
    expect(only(watch([0, [off(market!)]], [0.5, [created()]]))).toEqual([])
    expect(only(watch([0, [off(vault!)]], [2, [created()]]))).toEqual([])
    expect(only(watch([0, [off(vault!), sign('unusual-outflow', { restsOn: 'value', actors: [] })]]))).toEqual([])
  })

  test('tell first what was lost, in a heading that people can read', () => {
    const granted = sign('privileged-change', { severity: 'critical', restsOn: 'power', evidence: 'hard' })
    const [claims] = watch([0, [granted, lost({ actors: [thief!], title: `It took ${'9'.repeat(200)}` })]])
    expect(claims![0]!.title).toMatch(/^2 signs of an attack on vault by 0x0101…0101: It took 9+…$/)
    expect(claims![0]!.title.length).toBeLessThan(140)
  })

  test('name the last transaction, also on a chain that makes several blocks within a second', () => {
    const [before, last]: Hex[] = ['33', '77'].map((each): Hex => `0x${each.repeat(32)}`)
    const slot = sign('privileged-change', {
      severity: 'critical',
      restsOn: 'power',
      actors: [],
      transactionHash: before!,
    })
    const [, claims] = watch([0, [slot]], [0, [lost({ actors: [thief!], transactionHash: last! })]])
    expect(claims).toMatchObject([{ transactionHash: last }])
  })

  test('call nobody attacked who lost nothing', () => {
    const [claims] = watch([0, [pushed({ address: market! }), lost({ actors: [thief!] })]])
    expect(claims).toMatchObject([{ address: vault, facts: { lost: [vault], used: [market] } }])
    const [soft] = watch([0, [pushed({ address: market! }), sign('reentrancy'), created()]])
    expect(soft![0]!.title).toContain('an attack that uses')
  })

  test('are told once, and once more when what was likely is certain', () => {
    const said = watch(
      [0, [pushed(), sign('reentrancy'), created()]],
      [0.1, [pushed()]],
      [0.2, [lost({ actors: [thief!] })]],
      [0.3, [lost({ actors: [thief!] })]],
    )
    expect(said.map((claims) => claims.map(({ severity }) => severity))).toEqual([['high'], [], ['critical'], []])
    expect(said[2]![0]!.group).toBe(said[0]![0]!.group)
  })

  test('one finding seen in many blocks counts once, and a flood pushes out no grave one', () => {
    const again = pushed()
    expect(only(watch(...Array.from({ length: 50 }, (_, n): [number, Sign[]] => [n / 100, [again]])))).toEqual([])
    const flood = Array.from({ length: 200 }, (_, n) =>
      sign('flash-loan', { severity: 'info', restsOn: 'funds', actors: [`0x${String(n).padStart(40, '0')}`] }),
    )
    expect(only(watch([0, [pushed()]], [0.01, flood], [0.02, flood], [0.03, [lost({ actors: [thief!] })]]))).toEqual([
      ['critical', vault],
    ])
  })
})
