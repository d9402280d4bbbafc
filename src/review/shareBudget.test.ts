import { expect, test } from 'vitest'
import { monthSeconds, shareBudget } from './shareBudget.ts'

const shares = (pages: Record<string, number>, budget: number, months = 1) => {
  const found = shareBudget(new Map(Object.entries(pages)), { budget, seconds: months * monthSeconds })
  return found && Object.fromEntries(found)
}

test('nobody is over a budget that all of them together keep', () => {
  expect(shares({ a: 1, b: 2, c: 0 }, 3)).toBeNull()
  expect(shares({ a: 0 }, 0)).toBeNull()
  expect(shares({ a: 3 }, 0.1, 30)).toBeNull()
})

test('who pages least keeps its pages first', () => {
  expect(shares({ noisy: 40, rare: 1 }, 2)).toEqual({ noisy: { pages: 1, expected: 1 } })
  expect(shares({ noisy: 40, rare: 2, silent: 0 }, 1)).toEqual({
    rare: { pages: 1, expected: 1 },
    noisy: { pages: 0, expected: 0 },
  })
})

test('a part of a page is shared by those that are over', () => {
  expect(shares({ a: 5, b: 4 }, 0.2, 2)).toEqual({
    a: { pages: 0, expected: 0.2 },
    b: { pages: 0, expected: 0.2 },
  })
})
