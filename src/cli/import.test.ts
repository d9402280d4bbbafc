import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runReplay } from '../../test/corpus/runReplay.ts'
import { ozMonitorOf, testnet } from '../../test/harness/importScene.ts'
import { account, chain, event, tx } from '../../test/harness/node/block.ts'
import { startNode } from '../../test/harness/node/startNode.ts'
import { runCli } from '../../test/harness/runCli.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-cli-import-'))
const signature = 'event Transfer(address indexed from, address indexed to, uint256 value)'
const token = account(0x70)

beforeAll(() => {
  for (const name of ['networks', 'monitors', 'triggers']) mkdirSync(join(folder, 'config', name), { recursive: true })
  const monitor = ozMonitorOf('Large transfers', {
    addresses: [{ address: token, contract_spec: parseAbi([signature]) }],
    events: [
      { signature: 'Transfer(address, address, uint256)', expression: 'value > 2' },
      { signature: 'Transfer(address, address, uint256)', expression: 'valeu > 2' },
    ],
  })
  writeFileSync(join(folder, 'config/networks/testnet.json'), JSON.stringify(testnet))
  writeFileSync(join(folder, 'config/monitors/large.json'), JSON.stringify(monitor))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: string[]) => runCli(['import', 'oz', ...args], { cwd: folder })

test('writes a config that finds what the old one was meant to find, and tells the rest', async () => {
  const { code, out, err } = await run('config')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain(
    'Did not work before (1):\n  - Large transfers: `Transfer(address, address, uint256) if valeu > 2`',
  )
  expect(out).toContain('  - OZ_RPC_TESTNET: RPC URL of testnet. Its value stands in the file that was read.')
  expect(out).toContain('tocsin.yaml is written: 1 chain, 1 contract, 1 monitor, 0 channels.')
  expect(out + readFileSync(join(folder, 'tocsin.yaml'), 'utf8')).not.toContain('s3cret')
  const config = join(folder, 'replayed.yaml')
  cpSync(join(folder, 'tocsin.yaml'), config)
  writeFileSync(config, readFileSync(config, 'utf8').replace('env:OZ_RPC_TESTNET', 'env:TOCSIN_CORPUS_RPC'))
  const logs = (value: bigint) => [event(signature, token, { from: token, to: token, value })]
  const node = await startNode({ blocks: chain(5, (place) => [tx({ logs: logs(BigInt(place)) })]) })
  const { findings, summary } = await runReplay(node.url, { config, from: 1, to: 5 })
  await node.close()
  expect(findings.map(({ blockNumber, monitor }) => [blockNumber, monitor])).toEqual([
    [4, 'large-transfers'],
    [5, 'large-transfers'],
  ])
  expect(summary.blind).toEqual([])
}, 30_000)

test('overwrites only when told to', async () => {
  const out = ['--out', 'mine/mine.yaml']
  mkdirSync(join(folder, 'mine'))
  writeFileSync(join(folder, 'mine/mine.yaml'), 'mine')
  const refused = await run('config', ...out)
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--force') })
  expect(readFileSync(join(folder, 'mine/mine.yaml'), 'utf8')).toBe('mine')
  expect(readdirSync(join(folder, 'mine'))).toEqual(['mine.yaml'])
  expect((await run('config', ...out, '--force')).code).toBe(0)
  expect(readFileSync(join(folder, 'mine/mine.yaml'), 'utf8')).toContain('event Transfer if value > 2')
}, 30_000)

test('ends with 1 and writes nothing where nothing could be carried over, and tells why', async () => {
  mkdirSync(join(folder, 'empty/monitors'), { recursive: true })
  writeFileSync(join(folder, 'empty/monitors/a.json'), '{')
  const empty = await run('empty', '--out', 'never.yaml')
  expect(empty).toMatchObject({ code: 1, err: expect.stringContaining('Nothing in empty could be carried over') })
  expect(empty.out).toContain('monitors/a.json: The file holds no JSON.')
  const missing = await run('nowhere', '--out', 'never.yaml')
  expect(missing).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nowhere is not there.') })
  expect((await run()).code).toBe(2)
  expect(existsSync(join(folder, 'never.yaml'))).toBe(false)
}, 30_000)
