import { expect, test } from 'vitest'
import { hasCorpus } from '../harness/corpus.ts'
import { joinedPages, mainnetPages } from './mainnetPages.ts'

test.skipIf(!hasCorpus)('no detector as it comes pages anybody for ordinary mainnet', { timeout: 120_000 }, () => {
  const seen = mainnetPages()
  expect(seen.length).toBeGreaterThan(9)
  for (const { detector, transactions, pages } of seen) {
    expect({ detector, pages }).toEqual({ detector, pages: [] })
    expect(transactions).toBeGreaterThan(1_000)
  }
})

test.skipIf(!hasCorpus)(
  'nor do their findings joined, though everybody seems to lose all',
  { timeout: 120_000 },
  async () => {
    const { signs, titles } = await joinedPages()
    expect(signs).toBeGreaterThan(50)
    expect(titles).toEqual([])
  },
)
