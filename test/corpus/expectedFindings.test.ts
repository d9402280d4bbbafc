import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { hasCorpus } from '../harness/corpus.ts'
import { corpusChain } from '../harness/corpusChain.ts'
import { expectedFindings } from './expectedFindings.ts'

const config = parse(readFileSync(new URL('tocsin.yaml', import.meta.url), 'utf8')) as {
  monitors: Record<string, unknown>
}

test.skipIf(!hasCorpus)('the recorded blocks hold what is to be found in them', () => {
  const counts = Object.entries(expectedFindings()).map(([monitor, found]) => [monitor, found.length])
  expect(Object.fromEntries(counts)).toEqual({
    'usdc-large-transfer': 4,
    'weth-large-deposit': 2,
    'weth-large-withdrawal': 7,
    'pair-swap': 12,
    'pair-sale': 3,
    'pair-low-reserve': 2,
    'router-failed': 16,
    'deposit-native': 1,
    'wallet-native': 14,
    'usdt-large-transfer-call': 73,
    'usdc-large-transfer-call': 35,
    'usdt-unlimited-approval': 111,
    'router-deadline-in-milliseconds': 6,
  })
  expect(Object.keys(config.monitors)).toEqual(counts.map(([monitor]) => monitor))
})

test.skipIf(!hasCorpus)('the linked chain keeps every place that is to be found', () => {
  const places = new Set(
    corpusChain().flatMap(({ block, receipts }) => [
      ...block.transactions.map(({ hash }) => `${hash}:-`),
      ...receipts.flatMap(({ logs }) => logs.map((log) => `${log.transactionHash}:${Number(log.logIndex)}`)),
    ]),
  )
  const lost = Object.values(expectedFindings())
    .flat()
    .filter((place) => !places.has(place))
  expect(lost).toEqual([])
})
