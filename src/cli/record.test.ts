import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { createStage, type Stage } from '../../demo/scenarios/stage.ts'
import { startAnvil } from '../../demo/startAnvil.ts'
import { runCli } from '../../test/harness/runCli.ts'

// Each run of the command line loads all detectors, which takes a busy machine long.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'tocsin-record-'))
const file = (name: string) => join(folder, name)
const key = 's3cret-key-of-ours'
let rpcUrl: string
let stage: Stage
let live: string

const outflow = { use: 'outflow-cap', severity: 'high', options: { token: 'native', percent: 5, window: '1h' } }

function writeConfig(name: string, { monitors = { outflow } as object, id = 31_337 } = {}): string {
  const abi = ['function totalAssets() view returns (uint256)']
  const contracts = { treasury: { address: stage.accounts[1], kind: 'account', abi } }
  writeFileSync(file(name), stringify({ chains: { local: { id, rpc: 'env:NODE_URL' } }, contracts, monitors }))
  return file(name)
}

const record = (config: string, ...more: string[]) =>
  runCli(['record', '--config', config, '--from', '1', '--to', '6', ...more], {
    env: { NODE_URL: `${rpcUrl}/?key=${key}` },
  })

/** Without a chain, and with no variable that would name one. */
const play = (config: string, recording: string, ...more: string[]) =>
  runCli(['replay', '--config', config, '--recording', recording, '--format', 'ndjson', ...more])

const findingsIn = (out: string) => out.split('\n').filter((line) => line.includes('"kind":"finding"'))

/** Six blocks, in the fourth of which half of the treasury leaves. */
beforeAll(async () => {
  const anvil = await startAnvil({ keepsAll: true })
  rpcUrl = anvil.rpcUrl
  try {
    stage = await createStage(rpcUrl)
    await stage.mine(3)
    await stage.pay(stage.accounts[2]!, parseEther('5000'), { from: stage.accounts[1]! })
    await stage.mine(2)
    const config = writeConfig('tocsin.yaml')
    expect(await record(config, '--out', file('theft.jsonl'))).toMatchObject({
      ...{ code: 0, err: '' },
      out: expect.stringContaining(`Play it, with this config or another: tocsin replay --recording`),
    })
    const args = ['replay', '--config', config, '--from', '1', '--to', '6', '--format', 'ndjson']
    live = (await runCli(args, { env: { NODE_URL: rpcUrl } })).out
  } finally {
    await anvil.stop()
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

test('what was recorded is found again without the chain, to the last letter', async () => {
  const { code, out, err } = await play(file('tocsin.yaml'), file('theft.jsonl'))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(findingsIn(live)).toHaveLength(1)
  expect(findingsIn(out)).toEqual(findingsIn(live))
  expect(readFileSync(file('theft.jsonl'), 'utf8')).not.toContain(key)
})

test('another config is played, too', async () => {
  const own = { large: { use: 'large-transfer', severity: 'high', options: { token: 'native', amount: 4_000 } } }
  const same = await play(writeConfig('other.yaml', { monitors: own }), file('theft.jsonl'))
  expect(same).toMatchObject({ code: 0, err: '' })
  expect(findingsIn(same.out)).toHaveLength(1)
})

test('a monitor that asks what nobody asked then is blind, not silent', async () => {
  const asking = { solvent: { use: 'state', options: { invariant: 'totalAssets() > 0' } } }
  const { code, out } = await play(writeConfig('asking.yaml', { monitors: asking }), file('theft.jsonl'))
  expect(code).toBe(3)
  expect(out).toContain(
    `theft.jsonl answered: eth_call of 0x01e1d114 to ${stage.accounts[1]} at block 1 was not recorded`,
  )
})

test('ends with code 1 where nothing is found that is as grave as was expected', async () => {
  const { code, out } = await play(file('tocsin.yaml'), file('theft.jsonl'), '--expect', 'high')
  expect({ code, findings: findingsIn(out).length }).toEqual({ code: 0, findings: 1 })
  const missed = await play(file('tocsin.yaml'), file('theft.jsonl'), '--expect', 'critical')
  expect(missed).toMatchObject({ code: 1, err: 'Nothing was found that is critical or graver.\n' })
})

test('a span within it can be played, and none beyond it', async () => {
  const { code, out } = await play(file('tocsin.yaml'), file('theft.jsonl'), '--to', '3')
  expect({ code, findings: findingsIn(out) }).toEqual({ code: 0, findings: [] })
  const { code: beyond, err } = await play(file('tocsin.yaml'), file('theft.jsonl'), '--to', '7')
  expect(beyond).toBe(1)
  expect(err).toContain('holds the blocks from 1 to 6, not those from 1 to 7.')
})

test('says what is wrong with a file', async () => {
  const text = readFileSync(file('theft.jsonl'), 'utf8')
  writeFileSync(file('cut.jsonl'), text.slice(0, -200))
  const config = file('tocsin.yaml')
  expect((await play(config, file('cut.jsonl'))).err).toMatch(/Line \d+ of cut\.jsonl is no question with its answer\./)
  expect((await play(config, file('none.jsonl'))).err).toContain('none.jsonl is not there.')
})

test('says what is wrong with the chain of a config, and with a command line', async () => {
  const other = writeConfig('mainnet.yaml', { id: 1 })
  expect((await play(other, file('theft.jsonl'))).err).toContain('The recording is of chain 31337, which')
  const { code, err } = await runCli(['replay', '--from', '1'])
  expect({ code, err }).toEqual({ code: 2, err: 'Say which blocks: --from N --to M, or --recording FILE.\n' })
})

test('a hash that was changed by hand is found out', async () => {
  const text = readFileSync(file('theft.jsonl'), 'utf8')
  writeFileSync(file('forged.jsonl'), text.replaceAll('"gasUsed":"0x5208"', '"gasUsed":"0x5209"'))
  const { code, err, out } = await play(file('tocsin.yaml'), file('forged.jsonl'))
  expect(code).toBe(3)
  expect(err + out).toContain('contradicted')
})

test('no file is overwritten unless that is wanted, and none is written where nothing can be read', async () => {
  const again = await record(file('tocsin.yaml'), '--out', file('theft.jsonl'))
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('theft.jsonl is there already.') })
  const { code } = await record(file('tocsin.yaml'), '--out', file('dead.jsonl'))
  expect({ code, written: existsSync(file('dead.jsonl')) }).toEqual({ code: 3, written: false })
})
