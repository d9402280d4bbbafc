import { describe, expect, test } from 'vitest'
import type { BridgeSide } from '../../model/bridge.ts'
import type { BridgeRead } from '../../store/bridgeReads.ts'
import type { TotalRow } from '../../store/bridgeTotals.ts'
import { judgeTotal, missingAt } from './judgeTotal.ts'

const chains = { locked: 1, released: 2 } as const
const row = (side: BridgeSide, timestamp: number, amount: number): TotalRow => ({
  ...{ monitor: 'bridge', chainId: chains[side], side, blockNumber: timestamp, blockHash: '0x01', timestamp },
  ...{ amount: String(amount), lookAt: 0, findingId: null },
})
const read = (side: BridgeSide, agreedTo: number | null, since = 0): BridgeRead => ({
  ...{ monitor: 'bridge', chainId: chains[side], since, blockNumber: 1, agreedNumber: 1, agreedTo, awaitedSince: null },
})
const terms = { graceSeconds: 60, slackPpm: 0 }

/** Changes of each side, as time and amount; what was read of both. */
function judged(
  of: [BridgeSide, number],
  { locked, released }: Record<BridgeSide, [number, number][]>,
  { readTo = 10_000, since = [0, 0], slackPpm = 0, base = 0n } = {},
) {
  const totals = {
    locked: locked.map(([time, amount]) => row('locked', time, amount)),
    released: released.map(([time, amount]) => row('released', time, amount)),
  }
  const reads = { locked: read('locked', readTo, since[0]), released: read('released', readTo, since[1]) }
  const own = totals[of[0]].find(({ timestamp }) => timestamp === of[1])!
  return judgeTotal(own, totals, reads, { ...terms, slackPpm }, base)
}

describe('what is released', () => {
  test('may be all that is locked, and not one unit more', () => {
    const at = (amount: number) => judged(['released', 1000], { locked: [[500, 100]], released: [[1000, amount]] }).is
    expect([at(99), at(100), at(101)]).toEqual(['fine', 'fine', 'unbacked'])
  })

  test('is held against the most that was locked within the time that clocks may differ', () => {
    const of = (time: number) =>
      judged(['released', 1000], {
        locked: [...([[500, 100]] as [number, number][]), [time, 150]],
        released: [[1000, 150]],
      }).is
    expect([of(1060), of(1061)]).toEqual(['fine', 'unbacked'])
    const unlocked = (time: number) =>
      judged(['released', 1000], {
        locked: [
          [500, 150],
          [time, 100],
        ],
        released: [[1000, 150]],
      }).is
    expect([unlocked(941), unlocked(940)]).toEqual(['fine', 'unbacked'])
  })

  test('waits until the other chain was read past that time', () => {
    const of = (readTo: number) => judged(['released', 1000], { locked: [[500, 1]], released: [[1000, 2]] }, { readTo })
    expect(of(1060)).toEqual({ is: 'open', until: 1061 })
    expect(of(1061)).toEqual({ is: 'unbacked', locked: 1n, released: 2n })
  })

  test('may be a little more where the options say so, and as much as was missing from the beginning', () => {
    const of = (amount: number, given: object) =>
      judged(['released', 1000], { locked: [[500, 1000]], released: [[1000, amount]] }, given).is
    expect([of(1010, { slackPpm: 10_000 }), of(1011, { slackPpm: 10_000 })]).toEqual(['fine', 'unbacked'])
    expect([of(1005, { base: 5n }), of(1006, { base: 5n })]).toEqual(['fine', 'unbacked'])
  })
})

describe('what is locked', () => {
  test('may leave once as much came back on the other side', () => {
    const of = (time: number) =>
      judged(['locked', 1000], {
        locked: [
          [500, 100],
          [1000, 40],
        ],
        released: [
          [600, 100],
          [time, 40],
        ],
      }).is
    expect([of(900), of(1060), of(1061)]).toEqual(['fine', 'fine', 'unbacked'])
  })

  test('and leaves unburned is a theft, of which both amounts are told', () => {
    expect(
      judged(['locked', 1000], {
        locked: [
          [500, 100],
          [1000, 40],
        ],
        released: [[600, 100]],
      }),
    ).toEqual({
      ...{ is: 'unbacked', locked: 40n, released: 100n },
    })
  })
})

describe('in the beginning', () => {
  const both = { locked: [[2000, 90]], released: [[1990, 100]] } satisfies Record<BridgeSide, [number, number][]>
  test('what is missing already is told as that, and counts from then on', () => {
    const since = [2000, 1990]
    const totals = { locked: [row('locked', 2000, 90)], released: [row('released', 1990, 100)] }
    const base = missingAt(totals, 2060, terms)
    expect(base).toBe(10n)
    expect(judged(['released', 1990], both, { since, base })).toMatchObject({ is: 'standing', locked: 90n })
    expect(judged(['locked', 2000], both, { since, base })).toEqual({ is: 'fine' })
  })

  test('nothing is judged as long as one of the chains was not read at all', () => {
    const totals = { locked: [], released: [row('released', 1000, 5)] }
    const reads = { locked: undefined, released: read('released', 9000) }
    expect(judgeTotal(totals.released[0]!, totals, reads, terms, 0n)).toEqual({ is: 'open', until: 1061 })
  })

  test('what has changed again before both were read is judged by what came after it', () => {
    const since = [2000, 1000]
    const changed = {
      locked: [[2000, 90]],
      released: [
        [1000, 100],
        [1500, 80],
      ],
    } satisfies Record<BridgeSide, [number, number][]>
    expect(judged(['released', 1000], changed, { since })).toEqual({ is: 'fine' })
    expect(judged(['released', 1500], changed, { since })).toEqual({ is: 'fine' })
  })
})
