import { describe, expect, test } from 'vitest'
import { monitor } from '../../test/harness/watchScene.ts'
import type { Json } from '../model/finding.ts'
import { emptyPage, type Page } from './pages.ts'
import { proposeChange } from './proposeChange.ts'

const example = { id: 'f', title: 'It was taken', transactionHash: null, blockNumber: 7 }
const page = (measured: Record<string, number>, rest: Partial<Page> = {}): Page => ({
  ...emptyPage(example),
  measured: new Map(Object.entries(measured)),
  ...rest,
})
const sign = page({}, { hasSigns: true })
const proof = page({}, { proof: example })

function propose(
  pages: Page[],
  {
    limits = { percent: 10 },
    allowed = 0,
    expected = allowed,
    max = 100,
    mode = 'active',
  }: {
    limits?: Record<string, Json>
    allowed?: number
    expected?: number
    max?: number
    mode?: 'active' | 'shadow'
  } = {},
) {
  return proposeChange({
    monitor: monitor('drain', { interests: [], limits, detect: () => ({}) }, { mode }),
    pages,
    allowance: { pages: allowed, expected },
    accepts: (_, value) => typeof value !== 'number' || value <= max,
  })
}

const percents = (...values: number[]) => values.map((percent) => page({ percent }))
const limitsOf = (advice: ReturnType<typeof propose>) =>
  advice.proposal.kind === 'limits' ? advice.proposal.options : advice.proposal.kind

describe('with few values', () => {
  test.each([
    [0, 33],
    [1, 22],
    [2, 14],
  ])('where %i pages are allowed, a tenth above the next largest', (allowed, percent) => {
    expect(limitsOf(propose(percents(12, 30, 20), { allowed }))).toEqual({ percent })
  })

  test('no value that it measured reaches the new limit', () => {
    for (let value = 10; value < 90; value += 0.37) {
      expect(Number((limitsOf(propose(percents(value))) as { percent: number }).percent)).toBeGreaterThan(value)
    }
  })

  test('says what was, how it came to it, and by how many values', () => {
    expect(propose(percents(12, 30))).toMatchObject({
      proposal: { changes: [{ limit: 'percent', was: 10, now: 33, basis: 'largest', largest: 30, values: 2 }] },
    })
  })

  test('changes each of several limits that reached it, and keeps what stands beside them', () => {
    const limits = { windows: { '5m': 10, '1h': { percent: 20, amount: '1000' }, '24h': 30 } }
    const pages = [page({ 'windows.5m': 15, 'windows.1h.amount': 2_500.5 }), page({ 'windows.5m': 12 })]
    expect(limitsOf(propose(pages, { limits }))).toEqual({
      windows: { '5m': 17, '1h': { percent: 20, amount: '2800' }, '24h': 30 },
    })
  })

  test('writes amounts as they were written, however small or large', () => {
    expect(limitsOf(propose([page({ amount: 0.0042 })], { limits: { amount: '0.001' } }))).toEqual({ amount: '0.0047' })
    expect(limitsOf(propose([page({ units: 3e24 })], { limits: { units: '1' } }))).toEqual({
      units: `33${'0'.repeat(23)}`,
    })
  })

  test('where the option can grow no further, says so instead', () => {
    const [small, large] = [page({ percent: 12 }), page({ percent: 95 }, { first: { ...example, id: 'large' } })]
    const { look, proposal } = propose([small, large])
    expect(proposal).toEqual({ kind: 'none', why: 'out of range' })
    expect(look.map(({ id }) => id)).toEqual(['large', 'f'])
    expect(limitsOf(propose(percents(90)))).toEqual({ percent: 99 })
  })
})

describe('with many values', () => {
  /** As they would lie evenly in a Pareto tail above 10: half of them pass 10, a quarter 20, an eighth 40 more. */
  const tail = Array.from({ length: 40 }, (_, index) => 10 / (1 - (index + 0.5) / 40) ** 0.5)

  test('asks their tail what the budget allows', () => {
    const found = propose(percents(...tail), { expected: 0.04, max: 1e6 })
    // What one of a thousand values passes: 10 × √1000.
    const { percent } = limitsOf(found) as { percent: number }
    expect(percent).toBeGreaterThan(200)
    expect(percent).toBeLessThan(400)
    expect(found).toMatchObject({ proposal: { changes: [{ basis: 'tail', values: 40 }] } })
  })

  test('falls back to the largest where the option ends before, or with one value too few', () => {
    const largest = { proposal: { changes: [{ basis: 'largest' }] } }
    expect(propose(percents(...tail), { expected: 0.001 })).toMatchObject(largest)
    expect(propose(percents(...tail.slice(0, 15)), { expected: 0.1, max: 1e6 })).not.toMatchObject(largest)
    expect(propose(percents(...tail.slice(0, 14)), { expected: 0.1, max: 1e6 })).toMatchObject(largest)
  })
})

describe('where no limit is asked', () => {
  test('guesses none', () => {
    expect(propose([sign]).proposal).toEqual({ kind: 'severity' })
    expect(propose([...percents(20), sign]).proposal).toEqual({ kind: 'severity' })
    expect(propose([page({}, { hasSigns: true, isGraded: true })]).proposal).toMatchObject({ kind: 'shadow' })
    expect(propose([sign], { mode: 'shadow' }).proposal).toMatchObject({ kind: 'shadow' })
  })

  test('never hides what was proved', () => {
    expect(propose([proof])).toEqual({ proofs: 1, look: [example], proposal: { kind: 'none', why: 'proof' } })
    expect(propose([proof, sign]).proposal).toEqual({ kind: 'none', why: 'proof' })
    expect(propose([proof, ...percents(95)]).proposal).toEqual({ kind: 'none', why: 'out of range' })
  })

  test('still tunes what is only large beside it, and shows a few of many proofs', () => {
    const found = propose([...percents(20, 15), ...Array.from({ length: 9 }, () => proof)], { allowed: 10 })
    expect(found).toMatchObject({ proofs: 9, look: [example, example, example] })
    expect(limitsOf(found)).toEqual({ percent: 17 })
  })

  test('does not stumble over a measure whose limit the detector did not name', () => {
    expect(propose([page({ 'constructor.name': 5 })]).proposal.kind).toBe('none')
    expect(propose([page({ amount: 5 })]).proposal.kind).toBe('none')
  })
})
