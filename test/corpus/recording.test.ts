import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { hasCorpus } from '../harness/corpus.ts'
import { corpusChain } from '../harness/corpusChain.ts'
import { startNode } from '../harness/node/startNode.ts'
import { runCli } from '../harness/runCli.ts'

const config = fileURLToPath(new URL('tocsin.yaml', import.meta.url))
const findingsIn = (out: string) => out.split('\n').filter((line) => line.includes('"kind":"finding"'))

test.skipIf(!hasCorpus)('blocks of mainnet are found the same in a recording', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-recording-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const out = join(folder, 'mainnet.jsonl')
  const span = ['--config', config, '--from', '1', '--to', '30']
  const node = await startNode({ blocks: corpusChain() })
  const env = { TOCSIN_CORPUS_RPC: node.url }
  const live = await runCli(['replay', ...span, '--format', 'ndjson'], { env })
  const { code } = await runCli(['record', ...span, '--out', out], { env })
  await node.close()
  const recorded = await runCli(['replay', '--config', config, '--recording', out, '--format', 'ndjson'])
  expect({ live: live.code, code, recorded: recorded.code }).toEqual({ live: 0, code: 0, recorded: 0 })
  expect(findingsIn(live.out).length).toBeGreaterThan(200)
  expect(findingsIn(recorded.out)).toEqual(findingsIn(live.out))
})
