import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { toHex } from 'viem/utils'
import { KnownError } from '../src/model/error.ts'
import { getAttack } from './attacks.ts'
import { connect } from './connect.ts'
import { demoConfig } from './demoConfig.ts'
import { deployProtocol } from './deployProtocol.ts'
import { type Inbox, openInbox } from './openInbox.ts'
import { guardianIndex, type Protocol } from './protocol.ts'
import { findRunningDemo, removeRunningDemo, writeRunningDemo } from './runningDemo.ts'
import { devMnemonic, startAnvil } from './startAnvil.ts'
import { runTraffic } from './traffic.ts'

export type DemoOptions = {
  /** Of the local chain. 0: any free one. */
  port?: number
  /** Gets `demo.json`, and under `demo/` the config, the ABIs and the guardian's key. */
  dataDirectory: string
  /** Ends the demo, as `stop` does. */
  signal?: AbortSignal
  /** Told what is being done, in half a sentence for the terminal. */
  onProgress(text: string): void
  /** Told the title of each message of the channel `terminal`, which is what a person on duty would get. */
  onMessage?(title: string): void
  /** Told what the ordinary traffic could not send. It goes on. */
  onTrafficError?(error: unknown, actor: string): void
}

export type Demo = {
  configPath: string
  /** File with the private key of the account that may pause: for the config, as `file:PATH`. */
  guardianKeyPath: string
  rpcUrl: string
  protocol: Protocol
  /** @throws {KnownError} There is no such attack. */
  attack(name: string): Promise<{ transactions: Hex[] }>
  /** May be called more than once. */
  stop(): Promise<void>
}

const blockTimeSeconds = 1

/**
 * Starts the demo world: a local chain, Acme Vaults on it, ordinary traffic, and a config to watch it with.
 *
 * @throws {KnownError} A demo runs with this data directory already, or the chain cannot be started.
 */
export async function startDemo({
  port = 0,
  dataDirectory,
  signal,
  onProgress,
  onMessage = () => {},
  onTrafficError,
}: DemoOptions): Promise<Demo> {
  refuseSecond(dataDirectory)
  signal?.throwIfAborted()
  onProgress('starting a local chain')
  const anvil = await startAnvil({ port })
  const ending = new AbortController()
  let traffic = Promise.resolve()
  let stopped: Promise<void> | undefined
  let inbox: Inbox | undefined
  const stop = () => {
    stopped ??= (async () => {
      ending.abort()
      await traffic
      await anvil.stop()
      await inbox?.close()
      removeRunningDemo(dataDirectory)
    })()
    return stopped
  }

  try {
    const client = connect(anvil.rpcUrl)
    onProgress('deploying Acme Vaults')
    const protocol = await deployProtocol(client)
    await client.setAutomine(false)
    await client.setIntervalMining({ interval: blockTimeSeconds })
    signal?.throwIfAborted()
    const paths = writeFiles(dataDirectory, protocol, anvil.rpcUrl)
    inbox = await openInbox(dirname(paths.configPath), onMessage)

    onProgress('starting ordinary traffic')
    traffic = runTraffic({
      client,
      protocol,
      signal: ending.signal,
      ...(onTrafficError && { onError: onTrafficError }),
    })
    signal?.addEventListener('abort', stop, { once: true })
    const attack = async (name: string) => getAttack(name).run({ client, protocol })
    return { ...paths, rpcUrl: anvil.rpcUrl, protocol, attack, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function refuseSecond(dataDirectory: string): void {
  const other = findRunningDemo(dataDirectory)
  if (!other || other.pid === process.pid) return
  throw new KnownError('conflict', `A demo with its data in ${dataDirectory} runs already, as process ${other.pid}.`, {
    hints: ['Stop it first, or set TOCSIN_DATA to another directory.'],
  })
}

function writeFiles(
  dataDirectory: string,
  protocol: Protocol,
  rpcUrl: string,
): Pick<Demo, 'configPath' | 'guardianKeyPath'> {
  const directory = resolve(dataDirectory, 'demo')
  const configPath = join(directory, 'tocsin.yaml')
  const guardianKeyPath = join(directory, 'guardian.key')
  const { text, abis } = demoConfig(protocol, rpcUrl)
  mkdirSync(join(directory, 'abi'), { recursive: true })
  for (const [name, abi] of abis) writeFileSync(join(directory, 'abi', `${name}.json`), `${JSON.stringify(abi)}\n`)
  writeFileSync(configPath, text)
  writeFileSync(guardianKeyPath, `${guardianKey()}\n`, { mode: 0o600 })
  writeRunningDemo(dataDirectory, rpcUrl, protocol)
  return { configPath, guardianKeyPath }
}

/** Everybody knows the demo's keys: they are those of the well-known mnemonic. */
function guardianKey(): Hex {
  const { privateKey } = mnemonicToAccount(devMnemonic, { addressIndex: guardianIndex }).getHdKey()
  if (!privateKey) throw new Error('The mnemonic gives no private key.')
  return toHex(privateKey)
}
