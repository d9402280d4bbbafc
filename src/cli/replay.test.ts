import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { createStage, type Stage } from '../../demo/scenarios/stage.ts'
import { startAnvil } from '../../demo/startAnvil.ts'
import { runCli } from '../../test/harness/runCli.ts'

type Options = Record<string, unknown>
type Entry = { use: string; on?: string; severity?: string; mode?: string; when?: string; options?: Options }
type Advice = { kind: string; config: Partial<Entry> | null; proofs: number; changes: { basis: string }[] }
type Row = { monitor: string; mode: string; findings: number; alerts: number; pages: number; advice: Advice | null }
type WarmUp = { kind: 'warmup'; allowed: number; seconds: number; monitors: Row[]; total: Omit<Row, 'monitor'> }

const folder = mkdtempSync(join(tmpdir(), 'tocsin-warmup-'))
let anvil: Awaited<ReturnType<typeof startAnvil>>
let stage: Stage
let to: string

const hour = 3_600
/**
 * Coins that leave the treasury, each to somebody else, and how long after the one before. The last two are one alert, as
 * they come together.
 */
const payments: [coins: string, after: number][] = [
  ['3', 5 * hour],
  ['12', 7 * hour],
  ['90.5', 6 * hour],
  ['20', 30 * hour],
  ['21', hour / 6],
]

beforeAll(async () => {
  anvil = await startAnvil({ keepsAll: true })
  stage = await createStage(anvil.rpcUrl)
  for (const [index, [coins, after]] of payments.entries()) {
    await stage.skip(after)
    await stage.pay(stage.accounts[10 + index]!, parseEther(coins), { from: stage.accounts[1]! })
  }
  await stage.pay(stage.accounts[2]!, parseEther('2000'), { from: stage.accounts[3]! })
  await stage.skip(24 * hour)
  to = String(await stage.client.getBlockNumber())
})
afterAll(async () => {
  await anvil.stop()
  rmSync(folder, { recursive: true })
})

const coins = { token: 'native' }
const monitors: Record<string, Entry> = {
  payment: { use: 'large-transfer', options: { ...coins, amount: 10 } },
  'in-percent': { use: 'large-transfer', mode: 'shadow', options: { ...coins, percent: 0.5 } },
  outflow: { use: 'outflow-cap', options: { ...coins, windows: { '5m': 0.1, '1h': { amount: 15 } } } },
  rule: { use: 'expression', severity: 'high', when: 'transfer if value > 50e18' },
  proof: { use: 'expression', severity: 'high', when: 'transfer if value > 80e18', options: { evidence: 'hard' } },
  huge: { use: 'large-transfer', options: { ...coins, amount: 1_000 } },
}

async function replay(given: Record<string, Entry> | null, ...more: string[]) {
  const treasury = stage.accounts[given ? 1 : 3]
  const file = join(folder, 'tocsin.yaml')
  const config = {
    chains: { local: { id: 31_337, rpc: 'env:RPC' } },
    contracts: { treasury: { address: treasury, kind: 'account' } },
    ...(given && { monitors: given }),
  }
  writeFileSync(file, stringify(config))
  const args = ['replay', '--config', file, '--from', '1', '--to', to, ...more]
  const result = await runCli(args, { env: { RPC: anvil.rpcUrl } })
  expect(result).toMatchObject({ code: 0, err: '' })
  return result.out
}

async function warmUp(given: Record<string, Entry>, ...more: string[]): Promise<WarmUp> {
  const lines = (await replay(given, '--format', 'ndjson', ...more)).trim().split('\n')
  const parsed = lines.map((line) => JSON.parse(line) as WarmUp | { kind: string })
  expect(parsed.slice(-2).map(({ kind }) => kind)).toEqual(['warmup', 'summary'])
  return parsed.at(-2) as WarmUp
}

const linesIn = (out: string) => /^monitors:\n(?: {2}.*\n)+/m.exec(out)![0]

/** The config with what is proposed written over the same keys, as people are told to. */
function changed(before: Record<string, Entry>, change: Record<string, Partial<Entry> | null>) {
  return Object.fromEntries(
    Object.entries(before).map(([name, entry]) => {
      const own = change[name]
      return [name, { ...entry, ...own, ...(own?.options && { options: { ...entry.options, ...own.options } }) }]
    }),
  )
}

describe('the warm-up at the end of a replay', () => {
  test('counts alerts and pages as they would have been raised, shadow monitors included', async () => {
    const { monitors: rows, total, allowed, seconds } = await warmUp(monitors)
    expect(rows.map(({ monitor, mode, findings, alerts, pages }) => [monitor, mode, findings, alerts, pages])).toEqual([
      ['payment', 'active', 4, 3, 3],
      ['in-percent', 'shadow', 1, 1, 1],
      ['outflow', 'active', expect.any(Number), 3, 3],
      ['rule', 'active', 1, 1, 1],
      ['proof', 'active', 1, 1, 1],
      ['huge', 'active', 0, 0, 0],
    ])
    expect(total).toMatchObject({ pages: 9 })
    expect(allowed).toBe(0)
    expect(seconds).toBeGreaterThan(72 * hour)
  })

  test('proposes limits with which nobody is woken any more, and leaves alone what was proved', async () => {
    const { monitors: rows } = await warmUp(monitors)
    const advice = Object.fromEntries(rows.map(({ monitor, advice }) => [monitor, advice]))
    expect(advice).toMatchObject({
      payment: { kind: 'limits', config: { options: { amount: '100' } } },
      'in-percent': { kind: 'limits', config: { options: { percent: expect.any(Number) } } },
      outflow: { kind: 'limits', config: { options: { windows: { '5m': 1, '1h': { amount: '100' } } } } },
      rule: { kind: 'severity', config: { severity: 'medium' } },
      proof: { kind: 'none', config: null, proofs: 1 },
      huge: null,
    })
    const configs = rows.map(({ monitor, advice }) => [monitor, advice?.config ?? null])
    const after = await warmUp(changed(monitors, Object.fromEntries(configs)))
    expect(after.monitors.filter(({ pages }) => pages > 0).map(({ monitor }) => monitor)).toEqual(['proof'])
  })

  test('spares the rarest where the budget leaves room for some', async () => {
    // Three of nine pages in this stretch of three days.
    const { allowed, monitors: rows } = await warmUp(monitors, '--budget', '31')
    expect(allowed).toBe(3)
    const over = rows.filter(({ advice }) => advice).map(({ monitor }) => monitor)
    expect(over).toEqual(['payment', 'outflow'])
  })

  test('in text says how little a short stretch proves, and prints lines that can be pasted', async () => {
    const out = await replay(monitors)
    expect(out).toContain('OVER THE BUDGET: 9 pages, where it leaves 0')
    expect(out).toMatch(/no page at all within 3\.\d+ days only proves fewer than 2\d(\.\d)? a month/)
    expect(out).toContain('Silent: huge.')
    expect(out).toContain('LOOK at proof: one page rests on proof')
    const pasted = parse(linesIn(out)) as { monitors: Record<string, Partial<Entry>> }
    const after = await warmUp(changed(monitors, pasted.monitors))
    expect(after.monitors.filter(({ pages }) => pages > 0).map(({ monitor }) => monitor)).toEqual(['proof'])
  })

  test('writes out all default monitors where the config names none', async () => {
    const { monitors: pasted } = parse(linesIn(await replay(null))) as { monitors: Record<string, Entry> }
    expect(pasted).toEqual({
      'privileged-change': { use: 'privileged-change' },
      outflow: { use: 'outflow-cap', options: { percent: 22, window: '1h' } },
      'transaction-rate': { use: 'transaction-rate' },
    })
  })

  test.each(['-1', 'few', '1e3'])('refuses the budget %j', async (budget) => {
    const { code, err } = await runCli(['replay', '--from', '1', '--to', '2', `--budget=${budget}`])
    expect(code).not.toBe(0)
    expect(err).toContain('--budget')
  })
})

test.each([
  [['--from', '4'], { from: 1, to: 3 }],
  [['--from', '4', '--look-back', '2'], { from: 2, to: 3 }],
  [['--from', '4', '--look-back', '0'], null],
  [['--from', '1'], null],
])('looks back before the first block, and says at what: %j', async (args, learnt) => {
  const lines = (await replay({ entries: { use: 'unusual-outflow' } }, '--format', 'ndjson', ...args))
    .trim()
    .split('\n')
  const parsed = lines.map((line) => JSON.parse(line) as { kind: string; schema: number })
  expect(parsed.at(-1)).toMatchObject({ kind: 'summary', blocks: Number(to) - Number(args[1]) + 1 })
  const told = parsed.filter(({ kind }) => kind === 'learnt')
  expect(told).toEqual(learnt === null ? [] : [{ kind: 'learnt', schema: 1, ...learnt }])
})

test('says in text too at what it looked back', async () => {
  const text = await replay({ entries: { use: 'unusual-outflow' } }, '--from', '3')
  expect(text).toContain('What is usual was learnt from blocks 1 to 2 before; what happened there is not shown.')
})

test('says of a bridge that one chain alone does not show what it compares', async () => {
  const file = join(folder, 'bridge.yaml')
  const abi = ['event Moved(uint256 id, uint256 amount)']
  const side = { event: 'Moved', id: 'id', amount: 'amount' }
  const options = { locked: { contract: '$here', ...side }, released: { contract: '$there', ...side } }
  const config = {
    chains: { local: { id: 31_337, rpc: 'env:RPC' }, other: { id: 2, rpc: 'env:RPC' } },
    contracts: {
      here: { chain: 'local', address: stage.accounts[1], abi },
      there: { chain: 'other', address: stage.accounts[2], abi },
    },
    monitors: { bridge: { use: 'bridge-conservation', options } },
  }
  writeFileSync(file, stringify(config))
  const args = ['replay', '--config', file, '--chain', 'local', '--from', '1', '--to', '4']
  const { code, out } = await runCli(args, { env: { RPC: anvil.rpcUrl } })
  expect(code).toBe(3)
  expect(out).toMatch(/bridge.*It compares two chains, and one alone is replayed: nothing was judged\./)
})

test('refuses blocks that are not there yet before it plays any', async () => {
  const file = join(folder, 'future.yaml')
  const config = {
    chains: { local: { id: 31_337, rpc: 'env:RPC' } },
    contracts: { here: { address: stage.accounts[1], kind: 'account' } },
  }
  writeFileSync(file, stringify(config))
  const args = ['replay', '--config', file, '--from', '1', '--to', '99999999']
  const { code, out, err } = await runCli(args, { env: { RPC: anvil.rpcUrl } })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/--to 99999999 lies after the newest block, \d+\./)
})
