import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { plugIns } from '../../src/app/plugIns.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import { createChainClient } from '../../src/evm/rpc/chainClient.ts'
import { createProvider } from '../../src/evm/rpc/provider.ts'
import { createVerifier } from '../../src/evm/verify/createVerifier.ts'
import { replay } from '../../src/watch/replay.ts'
import { corpusReceiptBlocks, hasCorpus } from '../harness/corpus.ts'
import { corpusChain } from '../harness/corpusChain.ts'
import { startNode, type TestNode } from '../harness/node/startNode.ts'
import { expectedFindings } from './expectedFindings.ts'
import { placesOf, runReplay, startReplay } from './runReplay.ts'

const config = fileURLToPath(new URL('tocsin.yaml', import.meta.url))
const stateful = fileURLToPath(new URL('stateful.yaml', import.meta.url))

const nodes: TestNode[] = []
async function start(blocks = corpusChain()): Promise<TestNode> {
  const node = await startNode({ blocks })
  nodes.push(node)
  return node
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

/** Receipts whose first log has lost its topics. */
function withoutTopics(result: unknown): unknown {
  const receipts = structuredClone(result) as { logs: { topics?: unknown }[] }[]
  delete receipts.find(({ logs }) => logs.length > 0)?.logs[0]?.topics
  return receipts
}

const sorted = (places: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(places).map(([monitor, found]) => [monitor, found.toSorted()]))

describe.skipIf(!hasCorpus)('tocsin replay over the recorded blocks', () => {
  test('finds exactly what an independent count finds, and says so in the promised form', async () => {
    const node = await start()
    const { code, findings, summary } = await runReplay(node.url, { config, from: 1, to: 30 })
    expect(placesOf(findings)).toEqual(sorted(expectedFindings()))
    const blocks = corpusChain()
    const asked = new Set(
      node.requests.list.filter(({ method }) => method === 'eth_getBlockReceipts').map(({ params: [hash] }) => hash),
    )
    const read = blocks.filter(({ hash }) => asked.has(hash)).flatMap(({ receipts }) => receipts)
    expect(summary).toEqual({
      kind: 'summary',
      schema: 1,
      blocks: 30,
      transactions: blocks.reduce((sum, { block }) => sum + block.transactions.length, 0),
      logs: read.reduce((sum, { logs }) => sum + logs.length, 0),
      findings: findings.length,
      elapsedMs: expect.any(Number),
      rpcCalls: node.requests.http,
      blind: [],
    })
    expect(code).toBe(0)
    const ids = findings.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const finding of findings) {
      const block = blocks[Number(finding.blockNumber) - 1]!
      expect(finding).toEqual({
        kind: 'finding',
        schema: 1,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        detector: 'expression',
        monitor: expect.any(String),
        severity: 'medium',
        evidence: 'soft',
        title: expect.any(String),
        chainId: 1,
        blockNumber: block.number,
        blockHash: block.hash,
        timestamp: block.timestamp,
        transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        logIndex: finding.logIndex === null ? null : expect.any(Number),
        address: expect.stringMatching(/^0x[0-9a-f]{40}$/),
        facts: expect.any(Object),
      })
    }
  })

  test('decodes calldata with bytes behind its end, as the contract itself does', async () => {
    const node = await start()
    const { findings } = await runReplay(node.url, { config, from: 10, to: 30 })
    const hash = corpusChain()
      .flatMap(({ block }) => block.transactions)
      .find(({ hash }) => hash.startsWith('0x0df49d8d'))!.hash
    const transfer = findings.find(({ transactionHash }) => transactionHash === hash)
    const expected = expectedFindings()['usdt-large-transfer-call']!.includes(`${hash}:-`)
    expect(transfer?.monitor).toBe(expected ? 'usdt-large-transfer-call' : undefined)
  })

  test('finds the same in the blocks under their own numbers, which no chain links', async () => {
    const blocks = corpusReceiptBlocks()
    const node = await start(blocks)
    const { monitors } = loadConfig(config, plugIns, { TOCSIN_CORPUS_RPC: node.url })
    const provider = createProvider({ url: node.url, chainId: 1, timeoutMs: 5000 })
    // Most headers around them are made up.
    const client = createChainClient([provider], createVerifier({ mode: 'never' }))
    const found: Record<string, string[]> = {}
    for (const { number } of blocks) {
      for await (const { sighted, blind, faults } of replay(
        { client, monitors, ahead: 4 },
        { from: number, to: number },
      )) {
        expect([...blind, ...faults]).toEqual([])
        for (const { finding, sighting } of sighted) {
          const place = `${finding.transactionHash}:${sighting.logIndex ?? '-'}`
          found[finding.monitor] = [...(found[finding.monitor] ?? []), place]
        }
      }
    }
    const here = new Set(blocks.flatMap(({ block }) => block.transactions.map(({ hash }) => hash as string)))
    const expected = Object.entries(expectedFindings()).map(([monitor, places]) => {
      return [monitor, places.filter((place) => here.has(place.split(':')[0]!))] as const
    })
    // Eight of the nine were recorded without their transactions: value and calldata are not there to be found.
    const ofLogs = expected.filter(([, places]) => places.some((place) => !place.endsWith('-')))
    expect(ofLogs).toHaveLength(6)
    for (const [monitor, places] of ofLogs) expect(found[monitor]?.toSorted()).toEqual(places.toSorted())
  })
})

test.skipIf(!hasCorpus)('tocsin replay ends quietly when nobody reads on', async () => {
  const node = await start()
  const child = startReplay(node.url, { config, from: 1, to: 30 })
  child.stdout.once('data', () => child.stdout.destroy())
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect([errors, code]).toEqual(['', 1])
})

describe.skipIf(!hasCorpus)('tocsin replay that cannot look does not look clean', () => {
  test('where the state cannot be read, the monitors that need it are blind', async () => {
    const node = await start()
    node.faults.add({ kind: 'error', code: -32000, message: 'missing trie node', methods: ['eth_call'] })
    const { code, findings, summary } = await runReplay(node.url, { config: stateful, from: 1, to: 9 })
    expect(code).toBe(3)
    expect(findings.map(({ monitor }) => monitor)).toEqual(['large-deposit', 'large-deposit'])
    expect(summary.blind).toEqual([
      { monitor: 'large-share', reason: expect.stringContaining('missing trie node'), blocks: expect.any(Number) },
    ])
  })

  test('where the state request itself fails, too', async () => {
    const node = await start()
    node.faults.add({ kind: 'status', status: 502, methods: ['eth_call'] })
    const { code, findings, summary } = await runReplay(node.url, { config: stateful, from: 1, to: 9 })
    expect(code).toBe(3)
    expect(findings.map(({ monitor }) => monitor)).toEqual(['large-deposit', 'large-deposit'])
    expect(summary.blind).toMatchObject([{ monitor: 'large-share', reason: expect.stringContaining('502') }])
  })

  test('where a log is no log, everybody is blind to it and the rest is found', async () => {
    const node = await start()
    const { hash } = corpusChain()[2]!
    const rewrite = (result: unknown, [asked]: readonly unknown[]) => (asked === hash ? withoutTopics(result) : result)
    node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockReceipts'] })
    const { code, findings, summary } = await runReplay(node.url, { config, from: 1, to: 9 })
    expect(code).toBe(3)
    expect(findings.length).toBeGreaterThan(30)
    expect(summary.blind).toEqual([{ monitor: '*', reason: expect.stringContaining('the topics of a log'), blocks: 1 }])
  })

  test('where receipts are missing, everybody is blind in that block and the next ones are read', async () => {
    const node = await start()
    const { number, hash } = corpusChain()[1]!
    const rewrite = (result: unknown, [asked]: readonly unknown[]) => (asked === hash ? null : result)
    node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockReceipts'] })
    const { code, findings, summary } = await runReplay(node.url, { config, from: 1, to: 9 })
    expect(code).toBe(3)
    expect(findings.some(({ blockNumber }) => blockNumber === number)).toBe(false)
    expect(findings.some(({ blockNumber }) => blockNumber === number + 1)).toBe(true)
    expect(summary.blocks).toBe(9)
    expect(summary.blind).toContainEqual({
      monitor: '*',
      reason: expect.stringContaining('the receipts of a block'),
      blocks: 1,
    })
  })

  test('where the provider is lost for good, the blocks that nobody read are counted', async () => {
    const node = await start()
    const rewrite = (result: unknown, [asked]: readonly unknown[]) => (Number(asked) > 5 ? 'gone' : result)
    node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockByNumber'] })
    const { code, summary, errors } = await runReplay(node.url, { config, from: 1, to: 30 })
    expect(code).toBe(3)
    expect(summary).toMatchObject({ blocks: 5, blind: [{ monitor: '*', blocks: 25 }] })
    expect(errors).toContain('a block')
  })

  test('where the provider only stumbles, nothing is lost', async () => {
    const node = await start()
    node.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 })
    node.faults.add({ kind: 'drop', rate: 0.1 })
    const { code, findings } = await runReplay(node.url, { config, from: 1, to: 30 })
    expect(placesOf(findings)).toEqual(sorted(expectedFindings()))
    expect(code).toBe(0)
  })
})
