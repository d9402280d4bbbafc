import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { plugIns } from '../src/app/plugIns.ts'
import { loadConfig } from '../src/config/loadConfig.ts'

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'demo/README.md', 'examples/README.md', 'fixtures/README.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
].filter((path) => path.endsWith('.md') && existsSync(path))

/** As GitHub names them. */
const anchorsOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

test.each(pages)('the links of %s lead somewhere', (page) => {
  const text = readFileSync(page, 'utf8').replace(/^```.*?^```/gms, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(([, link, picture]) => link ?? picture!)
  const broken = targets.filter((target) => {
    if (/^https?:/.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : join(dirname(page), path)
    return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor))
  })
  expect(broken).toEqual([])
})

const world = `
protocol: Acme
chains: { mainnet: { id: 1, rpc: [env:RPC] } }
contracts:
  vault:
    address: "0x0000000000000000000000000000000000000001"
    abi:
      - event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)
      - function withdraw(uint256 assets, address receiver, address owner) returns (uint256)
      - function totalAssets() view returns (uint256)
      - function totalSupply() view returns (uint256)
      - event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)
  market: { address: "0x0000000000000000000000000000000000000002" }
  treasury: { address: "0x0000000000000000000000000000000000000003", kind: safe }
  feed:
    address: "0x0000000000000000000000000000000000000004"
    abi:
      - event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)
      - function latestAnswer() view returns (int256)
  usdc: { address: "0x0000000000000000000000000000000000000005", kind: erc20 }
  timelock: { address: "0x0000000000000000000000000000000000000006" }
  pair: { address: "0x0000000000000000000000000000000000000007", kind: uniswap-v2-pair, role: dependency }
  pool: { address: "0x0000000000000000000000000000000000000008", kind: uniswap-v3-pool, role: dependency }
monitors:
  drain: { use: outflow-cap }
  big-withdrawal: { use: expression, on: vault, when: event Withdraw }
channels: { ops: { use: slack, options: { url: env:SLACK_URL } } }
`
/** What a person who follows the pages has set. */
const env = { RPC: 'http://127.0.0.1:1', PAGERDUTY_KEY: '0123456789abcdef0123456789abcdef' }
const urls = {
  SMTP_PASSWORD: 'a password',
  SLACK_URL: 'https://hooks.example/x',
  HEARTBEAT_URL: 'https://beats.example/x',
}
const rpcs = { RPC_A: 'https://a.example/x', RPC_B: 'https://b.example/x' }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-docs-'))
  mkdirSync(join(folder, 'secrets'))
  writeFileSync(join(folder, 'secrets/mail'), 'a password')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configPages = pages.filter((page) => /^README|guide|reference\/(detectors|channels)/.test(page))
const examples = configPages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^ *```yaml\n(.*?)^ *```$/gms)].map(([, yaml], index) => ({
    name: `${page}, example ${index + 1}`,
    yaml: yaml!,
  })),
)

test.each(examples)('$name is a config, or a part of one', ({ yaml }) => {
  const file = join(folder, 'tocsin.yaml')
  // JSON is YAML; references are strings in both.
  writeFileSync(file, JSON.stringify({ ...parse(world), ...parse(yaml) }))
  expect(loadConfig(file, plugIns, { ...env, ...urls, ...rpcs }).monitors.length).toBeGreaterThan(0)
})
