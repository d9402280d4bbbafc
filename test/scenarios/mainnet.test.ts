import { expect, test } from 'vitest'
import { hasCorpus } from '../harness/corpus.ts'
import { mainnetPages } from './mainnetPages.ts'

test.skipIf(!hasCorpus)('no detector as it comes pages anybody for ordinary mainnet', { timeout: 120_000 }, () => {
  const seen = mainnetPages()
  expect(seen.length).toBeGreaterThan(9)
  for (const { detector, transactions, pages } of seen) {
    expect({ detector, pages }).toEqual({ detector, pages: [] })
    expect(transactions).toBeGreaterThan(1_000)
  }
})
