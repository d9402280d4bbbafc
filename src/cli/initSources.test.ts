import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import solc from 'solc'
import type { Abi, Hex } from 'viem'
import { getAddress } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createStage, type Stage } from '../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { runCli } from '../../test/harness/runCli.ts'

const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import "@acme/guards/Guard.sol";
contract Strongbox is Guard {
  event Opened(address indexed who, uint256 amount);
  function open(uint256 amount) external { emit Opened(msg.sender, amount); }
}`
const guard =
  '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\nabstract contract Guard { uint256 public level = 3; }'

type Made = { abi: Abi; metadata: string; evm: { bytecode: { object: string } } }
let anvil: Anvil
let stage: Stage
let made: Made
let address: Hex
let folder: string

beforeAll(async () => {
  const input = {
    language: 'Solidity',
    sources: { 'src/Strongbox.sol': { content: source }, '@acme/guards/Guard.sol': { content: guard } },
    settings: { outputSelection: { '*': { '*': ['abi', 'metadata', 'evm.bytecode.object'] } } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input)))
  made = output.contracts['src/Strongbox.sol'].Strongbox
  anvil = await startAnvil()
  stage = await createStage(anvil.rpcUrl)
  ;({ address } = await stage.deploy({ abi: made.abi, bytecode: `0x${made.evm.bytecode.object}` }))
})
afterAll(() => anvil.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-cli-sources-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

function put(metadata: string, written: string = getAddress(address)) {
  const path = join(folder, 'sources/contracts/full_match/31337', written, 'metadata.json')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, metadata)
}

async function init(...args: string[]) {
  const made = await runCli(['init', address, '--rpc', anvil.rpcUrl, ...args], { cwd: folder })
  const text = made.code === 0 ? readFileSync(join(folder, 'tocsin.yaml'), 'utf8') : ''
  return { ...made, text, contract: parse(text || 'contracts: {}').contracts.contract }
}

test('takes the ABI from metadata that the code itself names, and says what it is made of', async () => {
  put(made.metadata)
  const { text, contract, err } = await init('--sources', 'sources')
  expect(err).toBe('')
  expect(contract.abi).toBe('./abi/contract.json')
  expect(JSON.parse(readFileSync(join(folder, 'abi/contract.json'), 'utf8'))).toEqual(made.abi)
  expect(text).toContain('its source is Strongbox, with @acme/guards, proved by the hash in its code')
  expect(text).toMatch(/its code says that solc 0\.8\.\d+ made it/)
  const rule = '  opened: { use: expression, on: contract, when: event Opened if amount > 5 }\n'
  writeFileSync(join(folder, 'tocsin.yaml'), text.replace('monitors:\n', `monitors:\n${rule}`))
  const checked = await runCli(['check', '--config', 'tocsin.yaml'], { cwd: folder, env: { RPC_URL: anvil.rpcUrl } })
  expect(checked).toMatchObject({ code: 0, err: '' })
})

test('believes nothing that the code does not name, whoever keeps it', async () => {
  put(made.metadata.replaceAll('Opened', 'Closed'))
  const { text, contract } = await init('--sources', 'sources')
  expect(contract.abi).toBeUndefined()
  expect(text).toContain('# Its source is not used: what the repository holds is not the metadata that its code names.')
})

test('reads a server, under the address in lower case, too', async () => {
  put(made.metadata, address.toLowerCase())
  const server = await serve((path) => readFileSync(join(folder, 'sources', path)))
  try {
    const { contract } = await init('--sources', `http://127.0.0.1:${portOf(server)}/`)
    expect(contract.abi).toBe('./abi/contract.json')
  } finally {
    server.close()
  }
})

test('says what is wrong with a repository that cannot be read, and writes nothing', async () => {
  const huge = await serve(() => Buffer.alloc(3 * 1024 * 1024))
  try {
    const { code, err } = await init('--sources', `http://127.0.0.1:${portOf(huge)}`)
    expect([code, err]).toEqual([1, expect.stringContaining('has more than 2 MiB, which no metadata has.')])
  } finally {
    huge.close()
  }
  const { code, err } = await init('--sources', 'http://127.0.0.1:1')
  expect(code).toBe(1)
  expect(err).toMatch(/^http:\/\/127\.0\.0\.1:1\/contracts\/.* cannot be read\.\n {2}Check --sources/)
})

test('overwrites no ABI that somebody has changed', async () => {
  put(made.metadata)
  mkdirSync(join(folder, 'abi'))
  writeFileSync(join(folder, 'abi/contract.json'), '[]')
  const { code, err } = await init('--sources', 'sources')
  expect([code, err]).toEqual([1, expect.stringContaining('abi/contract.json is there already.')])
  expect((await init('--sources', 'sources', '--force')).code).toBe(0)
})

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function serve(read: (path: string) => Buffer): Promise<Server> {
  const server = createServer(({ url }, response) => {
    try {
      response.end(read(url!))
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
