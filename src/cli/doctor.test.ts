import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { account, chain } from '../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { runCli } from '../../test/harness/runCli.ts'
import { sampleMessage } from '../../test/harness/sampleMessage.ts'
import { blindness, cursors, messages } from '../store/schema.ts'

const directory = mkdtempSync(join(tmpdir(), 'tocsin-cli-doctor-'))
const data = join(directory, 'data')
const planted = {
  RPC: 's3cretPathKey99',
  SLACK: 's3cretHookPart77',
  HOOK_KEY: 's3cretSigningKey-0123456789',
  inline: 's3cretInlineToken',
}
let database: TestDatabase
let node: TestNode
let blocks: ReturnType<typeof chain>

beforeAll(async () => {
  const timestamp = Math.floor(Date.now() / 1000) - 5 * 12
  blocks = chain(5, () => [], { timestamp })
  ;[database, node] = await Promise.all([createTestDatabase(), startNode({ blocks })])
  mkdirSync(data)
  writeFileSync(
    join(data, 'tocsin.log'),
    `asked https://rpc.example/v3/${planted.RPC}\nkey ${planted.HOOK_KEY} refused\n`,
  )
  writeFileSync(join(directory, 'signing.key'), `${planted.HOOK_KEY}\n`)
})
afterAll(async () => {
  await Promise.all([database.drop(), node.close()])
  rmSync(directory, { recursive: true, force: true })
})

const config = (more = '') => `protocol: Acme
chains: { mainnet: { id: 1, rpc: [env:RPC, "http://127.0.0.1:9/v3/${planted.RPC}"] } }
contracts: { vault: { address: "${account(0xaa)}", kind: account } }
monitors: { drain: { use: outflow-cap } }
channels:
  ops: { use: slack, options: { url: env:SLACK } }
  hook: { use: webhook, options: { url: env:SLACK, signingSecret: file:signing.key } }
${more}`

async function doctor(text: string, out: string, env: Record<string, string> = {}) {
  writeFileSync(join(directory, 'tocsin.yaml'), text)
  const result = await runCli(['doctor', '--out', out], {
    cwd: directory,
    env: {
      TOCSIN_DATA: data,
      DATABASE_URL: database.url,
      RPC: `${node.url}/v3/${planted.RPC}`,
      SLACK: `https://hooks.slack.com/services/${planted.SLACK}`,
      ...env,
    },
  })
  const written = readFileSync(join(directory, out), 'utf8')
  for (const secret of Object.values(planted)) expect(result.out + result.err + written).not.toContain(secret)
  return { ...result, written, bundle: JSON.parse(written) }
}

test('says what looks wrong first, and bundles everything but secrets', async () => {
  const { db } = database
  const { hash, timestamp } = blocks[4]!
  await db.insert(cursors).values({ chainId: 1, lane: 'head', blockNumber: 5, blockHash: hash, timestamp })
  const seen = new Date('2026-01-01T00:00:00Z')
  await db
    .insert(blindness)
    .values({ chainId: 1, monitor: 'drain', reason: `no answer to ${planted.RPC}`, since: seen, lastAt: seen })
  await db.insert(messages).values({
    ...{ id: 'm1', channel: 'ops', kind: 'firing', content: sampleMessage, state: 'dead', attempts: 12, dueAt: seen },
    lastError: `Slack refused https://hooks.slack.com/services/${planted.SLACK}`,
  })

  const { code, out, bundle, written } = await doctor(config(), 'bundle.json')
  expect(code).toBe(1)
  expect(out).toContain('RPC 2 (127.0.0.1:9) of mainnet cannot be used: ')
  expect(out).toContain(
    'The monitor drain on chain 1 has been blind since 2026-01-01T00:00:00.000Z: no answer to (hidden)',
  )
  expect(out).toContain('Given up: 1 message to ops; the last: Slack refused ')
  expect(bundle.troubles).toHaveLength(3)

  expect(statSync(join(directory, 'bundle.json')).mode & 0o777).toBe(0o600)
  expect(bundle.config.content.chains.mainnet.rpc).toEqual(['env:RPC', 'http://127.0.0.1:9/…'])
  expect(bundle.config.content.channels).toEqual({
    ops: { use: 'slack', options: { url: 'env:SLACK' } },
    hook: { use: 'webhook', options: { url: 'env:SLACK', signingSecret: 'file:signing.key' } },
  })
  expect(bundle.versions).toMatchObject({ node: process.versions.node, platform: process.platform })
  expect(bundle.database.description).toMatch(/^PostgreSQL at /)
  expect(bundle.database.migrations).toMatchObject({ pending: [], unknown: [] })
  expect(bundle.database.tables).toContainEqual({ name: 'messages', rows: 1, bytes: expect.any(Number) })
  expect(bundle.database.cursors).toMatchObject([{ chainId: 1, lane: 'head', block: 5 }])
  expect(bundle.database.dead).toMatchObject([{ channel: 'ops', attempts: 12 }])
  expect(written).not.toContain(sampleMessage.title)
  expect(bundle.chains[0].providers[0]).toMatchObject({ state: 'ok', head: 5, latencyMs: expect.any(Number) })
  expect(bundle.chains[0].providers[0].secondsOld).toBeLessThan(600)
  expect(bundle.data).toMatchObject({ freeBytes: expect.any(Number), logs: [{ name: 'tocsin.log' }] })
})

test('reads a config that cannot be used, and hides what should never have stood in it', async () => {
  const { code, out, bundle } = await doctor(
    config(`slackToken: ${planted.inline}\nheartbeat: { url: "https://hc.example/${planted.inline}" }\n`),
    'broken.json',
  )
  expect(code).toBe(1)
  expect(out).toContain('The key `slackToken` is not known here.')
  expect(bundle.config.content).toMatchObject({
    slackToken: `(${planted.inline.length} characters, hidden)`,
    heartbeat: { url: 'https://hc.example/…' },
  })
  expect(bundle.chains).toEqual([])
})

test('makes no database where there is none, and says that there is none', async () => {
  const { bundle } = await doctor(config(), 'none.json', { DATABASE_URL: '', TOCSIN_DATA: join(directory, 'nowhere') })
  expect(bundle.database).toBeNull()
  expect(bundle.troubles).toContain('There is no data directory: Tocsin has never been started here.')
})

test('says why the database cannot be looked at, without its password', async () => {
  const url = 'postgresql://tocsin:s3cretSigningKey-0123456789@127.0.0.1:9/tocsin'
  const { bundle } = await doctor(config(), 'refused.json', { DATABASE_URL: url })
  expect(bundle.database).toContain('PostgreSQL at 127.0.0.1:9/tocsin does not answer')
})

test('overwrites nothing', async () => {
  writeFileSync(join(directory, 'mine.json'), 'mine')
  const { code, err } = await runCli(['doctor', '--out', 'mine.json'], { cwd: directory, env: { TOCSIN_DATA: data } })
  expect(code).toBe(1)
  expect(err).toContain('mine.json cannot be written (EEXIST)')
  expect(readFileSync(join(directory, 'mine.json'), 'utf8')).toBe('mine')
})
