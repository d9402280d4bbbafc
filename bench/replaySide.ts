// One side of the bench `replay` in a process of its own: `replaySide.ts SIDE URL BLOCKS AHEAD`. It reads them once for each
// message that it is sent, and answers when it has.
import { createChainClient } from '../src/evm/rpc/chainClient.ts'
import { createProvider } from '../src/evm/rpc/provider.ts'
import { createVerifier, type VerifyMode } from '../src/evm/verify/createVerifier.ts'
import { readAhead } from '../src/watch/readAhead.ts'
import { replay } from '../src/watch/replay.ts'
import { tokenMonitors, tokenRules } from './tokenRules.ts'

/** `bare` fetches and parses only. The others are Tocsin, with and without recomputing the hashes. */
export type ReplaySide = 'bare' | 'checked' | 'unchecked'

const [side, url, blocks, ahead] = process.argv.slice(2) as [ReplaySide, string, string, string]
const range = { from: 1, to: Number(blocks) }

async function bare(): Promise<void> {
  let id = 0
  const ask = async (method: string, params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return ((await response.json()) as { result: { hash: string } }).result
  }
  const read = async (number: number) => {
    const block = await ask('eth_getBlockByNumber', [`0x${number.toString(16)}`, true])
    return [block, await ask('eth_getBlockReceipts', [block.hash])]
  }
  for await (const _ of readAhead({ ...range, ahead: Number(ahead) }, read));
}

const monitors = tokenMonitors(tokenRules({ busy: 200, idle: 800 }))

async function whole(mode: VerifyMode): Promise<void> {
  const provider = createProvider({ url, chainId: 1, timeoutMs: 15_000 })
  const client = createChainClient([provider], createVerifier({ mode }))
  for await (const { faults } of replay({ client, monitors, ahead: Number(ahead) }, range)) {
    if (faults[0]) throw new Error(faults[0])
  }
  client.close()
}

const sides: Record<ReplaySide, () => Promise<void>> = {
  bare,
  checked: () => whole('auto'),
  unchecked: () => whole('never'),
}

process.on('message', async () => {
  await sides[side]()
  process.send!('read')
})
