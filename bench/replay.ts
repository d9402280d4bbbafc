import { createChainClient } from '../src/evm/rpc/chainClient.ts'
import { createProvider } from '../src/evm/rpc/provider.ts'
import { createVerifier, type VerifyMode } from '../src/evm/verify/createVerifier.ts'
import type { Monitor } from '../src/model/monitor.ts'
import { readAhead } from '../src/watch/readAhead.ts'
import { replay as replayBlocks } from '../src/watch/replay.ts'
import { compare, rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { startNodeProcess } from './nodeProcess.ts'
import { tokenMonitors, tokenRules } from './tokenRules.ts'

const [blocks, rounds, ahead] = [300, 7, 16]

/**
 * Replay over JSON-RPC with 1,000 monitors of logs, beside a bare client that only fetches and parses the same two calls
 * per block from the same node, as many at once.
 */
export const replay: Bench = async function* () {
  const node = await startNodeProcess({ shown: blocks })
  const monitors = tokenMonitors(tokenRules({ busy: 200, idle: 800 }))
  const took = await compare(
    {
      bare: () => bare(node.url),
      checked: () => whole(node.url, monitors, 'auto'),
      unchecked: () => whole(node.url, monitors, 'never'),
    },
    { rounds, prepare: () => undefined },
  )
  await node.stop()
  const details = { monitors: monitors.length, blocks, atOnce: ahead }
  const speed = (ms: number) => Math.round((blocks / ms) * 1000)
  yield { figure: 'bare client', value: speed(took.bare), unit: 'blocks/s', ...details }
  yield { figure: 'replay', value: speed(took.checked), unit: 'blocks/s', ...details }
  yield { figure: 'replay by bare client', value: rounded(took.bare / took.checked), unit: 'ratio', ...details }
  yield {
    figure: 'the same, with verify: never',
    value: rounded(took.bare / took.unchecked),
    unit: 'ratio',
    ...details,
  }
}

async function bare(url: string): Promise<void> {
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
  for await (const _ of readAhead({ from: 1, to: blocks, ahead }, read));
}

async function whole(url: string, monitors: readonly Monitor[], mode: VerifyMode): Promise<void> {
  const provider = createProvider({ url, chainId: 1, timeoutMs: 15_000 })
  const client = createChainClient([provider], createVerifier({ mode }))
  for await (const { faults } of replayBlocks({ client, monitors, ahead }, { from: 1, to: blocks })) {
    if (faults[0]) throw new Error(faults[0])
  }
  client.close()
}
