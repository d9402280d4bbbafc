import { expect, test } from 'vitest'
import { hasCorpus } from '../harness/corpus.ts'
import { killRun } from './killRun.ts'

test('a watch that is killed five times ends as one that was not, and tells everything', {
  timeout: 240_000,
}, async () => {
  const run = await killRun({ scene: 'crafted', kills: 5, blocks: 150, seed: 7 })
  expect(run).toMatchObject({ kills: 5, different: [], lost: [], unknown: [] })
  expect(run.findings).toBeGreaterThan(100)
  expect(run.messages).toBeGreaterThan(20)
})

test.skipIf(!hasCorpus)('so does one over recorded mainnet', { timeout: 240_000 }, async () => {
  const run = await killRun({ scene: 'corpus', kills: 5, blocks: 90, seed: 11 })
  expect(run).toMatchObject({ kills: 5, different: [], lost: [], unknown: [] })
  expect(run.findings).toBeGreaterThan(100)
})
