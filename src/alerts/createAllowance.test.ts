import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAllowance } from './createAllowance.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** Uses what is allowed now. */
function spend(allowance: ReturnType<typeof createAllowance>): number {
  let spent = 0
  while (allowance.msToNext() === 0) {
    allowance.use()
    spent++
  }
  return spent
}

test('allows a burst of ten, then as many as the rate says, however long nothing was sent', () => {
  const allowance = createAllowance(60)
  expect(spend(allowance)).toBe(10)
  expect(allowance.msToNext()).toBe(1000)
  vi.advanceTimersByTime(3000)
  expect(spend(allowance)).toBe(3)
  vi.advanceTimersByTime(3_600_000)
  expect(spend(allowance)).toBe(10)
})

test('allows no greater burst than the rate of a slow channel, and always one', () => {
  expect(spend(createAllowance(3))).toBe(3)
  expect(spend(createAllowance(0.5))).toBe(1)
})

test('allows nothing while the channel rests', () => {
  const allowance = createAllowance(600)
  allowance.rest(5000)
  allowance.rest(2000)
  expect(allowance.msToNext()).toBe(5000)
  vi.advanceTimersByTime(5000)
  expect(allowance.msToNext()).toBe(0)
})
