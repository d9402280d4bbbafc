import { describe, expect, test } from 'vitest'
import type { LegRow } from '../../store/bridgeLegs.ts'
import type { BridgeRead } from '../../store/bridgeReads.ts'
import { judgeLeg, type Known } from './judgeLeg.ts'

const terms = { feePpm: 10_000, graceSeconds: 60, lateSeconds: 3600 }
const at = 100_000

const leg = (side: LegRow['side'], rest: Partial<LegRow> = {}): LegRow => ({
  monitor: 'bridge',
  chainId: side === 'locked' ? 1 : 2,
  side,
  message: 'm',
  blockNumber: 10,
  blockHash: '0x01',
  timestamp: at,
  transactionHash: side === 'locked' ? '0xaa' : '0xbb',
  logIndex: 0,
  position: 0,
  token: '0xt',
  amount: '1000000',
  recipient: '0xr',
  lookAt: 0,
  findingId: null,
  ...rest,
})
const read = (agreedTo: number | null, rest: Partial<BridgeRead> = {}): BridgeRead => ({
  monitor: 'bridge',
  chainId: 1,
  since: 0,
  blockNumber: 100,
  agreedNumber: agreedTo === null ? null : 100,
  agreedTo,
  awaitedSince: null,
  ...rest,
})
const known = (rest: Partial<Known>): Known => ({
  lock: undefined,
  release: undefined,
  reads: { locked: read(at), released: read(at) },
  ...rest,
})
/** What is said of a release for which this was locked. */
const ofRelease = (release: Partial<LegRow>, lock: Partial<LegRow> | null = {}, more: Partial<Known> = {}) => {
  const one = leg('released', release)
  return judgeLeg(one, known({ release: one, lock: lock ? leg('locked', lock) : undefined, ...more }), terms)
}
const readTo = (locked: BridgeRead | undefined) => ({ reads: { locked, released: read(at) } })

describe('a release', () => {
  test('of what was locked is fine', () => {
    expect(ofRelease({})).toEqual({ is: 'fine' })
  })

  test('without a lock waits until the other chain was read past the grace, to the second', () => {
    for (const locked of [undefined, read(null), read(at + 60)]) {
      expect(ofRelease({}, null, readTo(locked))).toEqual({ is: 'open', until: at + 61 })
    }
    expect(ofRelease({}, null, readTo(read(at + 61)))).toEqual({ is: 'unlocked' })
  })

  test('may come before its lock by the grace, as clocks differ, and by no second more', () => {
    expect(ofRelease({}, { timestamp: at + 60 })).toEqual({ is: 'fine' })
    expect(ofRelease({}, { timestamp: at + 61 }, readTo(read(at + 61)))).toEqual({ is: 'unlocked' })
  })

  test('of a lock that may be older than the watch is not called unlocked', () => {
    const since = (seconds: number) => ofRelease({}, null, readTo(read(at + 61, { since: at - 3600 + seconds })))
    expect(since(0)).toEqual({ is: 'unlocked' })
    expect(since(1)).toEqual({ is: 'older' })
  })

  test('of more than was locked, or of less than the fee explains, by one unit', () => {
    expect(ofRelease({ amount: '1000001' })).toMatchObject({ is: 'more' })
    expect(ofRelease({ amount: '990000' })).toEqual({ is: 'fine' })
    expect(ofRelease({ amount: '989999' })).toMatchObject({ is: 'less' })
    const one = leg('released', { amount: '0' })
    expect(judgeLeg(one, known({ lock: leg('locked') }), { ...terms, feePpm: null })).toEqual({ is: 'fine' })
  })

  test('of another token, or to another recipient, where both sides tell them', () => {
    expect(ofRelease({ token: '0xother' })).toMatchObject({ is: 'token' })
    expect(ofRelease({ recipient: '0xother' })).toMatchObject({ is: 'recipient' })
    expect(ofRelease({ token: '0xother', recipient: null }, { token: null })).toEqual({ is: 'fine' })
  })

  test('that is the second one of its message, also in the same transaction', () => {
    const release = leg('released')
    const second = leg('released', { position: 1 })
    expect(judgeLeg(second, known({ release, lock: leg('locked') }), terms)).toMatchObject({ is: 'again' })
    expect(judgeLeg(second, known({ release }), terms)).toMatchObject({ is: 'again' })
  })

  test('is cleared by a lock only once enough providers have it; what does not fit it is told of at once', () => {
    const unsure = readTo(read(at - 1, { agreedNumber: 9 }))
    expect(ofRelease({}, {}, unsure)).toEqual({ is: 'open', until: at })
    expect(ofRelease({ amount: '1000001' }, {}, unsure)).toMatchObject({ is: 'more' })
  })
})

describe('a lock', () => {
  const ofLock = (rest: Partial<Known>) => judgeLeg(leg('locked'), known(rest), terms)
  const released = (timestamp: number) => ({ release: leg('released', { timestamp }) })

  test('is late when it was not released in time, to the second', () => {
    expect(ofLock(released(at + 3600))).toMatchObject({ is: 'fine' })
    expect(ofLock(released(at + 3601))).toMatchObject({ is: 'late' })
    const to = (agreedTo: number) => ofLock({ reads: { locked: read(at), released: read(agreedTo) } })
    expect(to(at + 3600)).toEqual({ is: 'open', until: at + 3601 })
    expect(to(at + 3601)).toEqual({ is: 'late' })
  })

  test('that may have been released before we looked is not late', () => {
    const reads = { locked: read(at), released: read(at + 9999, { since: at + 1 }) }
    expect(ofLock({ reads })).toEqual({ is: 'fine' })
  })
})
