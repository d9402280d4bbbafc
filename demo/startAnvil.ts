import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { KnownError } from '../src/model/error.ts'

export type AnvilOptions = {
  /** 0: any free one. */
  port?: number
  chainId?: number
  /** Seconds between blocks. Absent: a block for each transaction. */
  blockTimeSeconds?: number
  /** For as long as the chain is short: no state is forgotten. */
  keepsAll?: boolean
}

export type Anvil = { rpcUrl: string; port: number; stop(): Promise<void> }

/** The well-known test mnemonic. Whoever uses its accounts on a chain of value loses what is there. */
export const devMnemonic = 'test test test test test test test test test test test junk'
const devAccounts = 24

const startTimeoutMs = 20_000
/** States that can still be read: as many as a full node keeps. Each is a copy of 1 MB in the first hours, 9 MB after a day. */
const statesKept = '128'
/** Blocks whose transactions and logs can still be read: two hours at one per second. Older ones look empty. */
const blocksKept = '7200'

/**
 * Runs the node and ends it when standard input closes. The pipe closes with its writer, however that dies, so the
 * node never outlives us; and it closes in `stop`, so both ends take the same road.
 */
const supervisor = `
exec 3<&0
"$@" 3<&- & node=$!
{ read -r _ <&3; kill "$node"; } 2>/dev/null &
exec 3<&-
wait "$node"`

/**
 * Starts a local chain on 127.0.0.1 with everything in memory, and resolves when it answers.
 *
 * @throws {KnownError} There is no anvil for this machine, the port is taken, or the node does not start.
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { port = 0, chainId = 31_337, blockTimeSeconds, keepsAll } = options
  const binary = findAnvil()
  if (port !== 0) await refuseTakenPort(port)

  const flags = ['--host', '127.0.0.1', '--port', `${port}`, '--chain-id', `${chainId}`, '--no-cors']
  flags.push('--mnemonic', devMnemonic, '--accounts', `${devAccounts}`)
  if (!keepsAll) flags.push('--prune-history', statesKept, '--transaction-block-keeper', blocksKept)
  if (blockTimeSeconds) flags.push('--block-time', `${blockTimeSeconds}`)

  // A process group of its own: Ctrl-C reaches us first, and we stop what sends transactions before the chain.
  const child = spawn('/bin/sh', ['-c', supervisor, 'anvil', binary, ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = () => {
    child.stdin.end()
    return ended
  }
  try {
    const boundPort = await listeningPort(child)
    return { rpcUrl: `http://127.0.0.1:${boundPort}`, port: boundPort, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The native binary out of npm's platform package, or the one on PATH. npm's wrapper would leave it running. */
function findAnvil(): string {
  const platformPackage = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'anvil'))
  try {
    const manifest = createRequire(import.meta.url).resolve(`${platformPackage}/package.json`)
    candidates.unshift(join(dirname(manifest), 'bin', 'anvil'))
  } catch {
    // Not installed: an optional dependency that npm left out on this machine.
  }
  const binary = candidates.find(isExecutable)
  if (binary) return binary
  throw new KnownError('unavailable', `There is no anvil for ${process.platform}-${process.arch}, so no local chain.`, {
    hints: [
      `Run \`npm ci\`: on supported machines it installs ${platformPackage}.`,
      'Or install Foundry, so that `anvil` is on the PATH.',
      'Tocsin itself needs no anvil: with a tocsin.yaml, `npm start` watches the chains named there.',
    ],
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A foreign server on the port would look like a node that answers strangely: say at once who sits there. */
async function refuseTakenPort(port: number): Promise<void> {
  const version = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'web3_clientVersion', params: [] }),
    signal: AbortSignal.timeout(1_000),
  })
    .then((response) => response.text())
    .catch(() => '')
  if (!/anvil/i.test(version)) return
  throw new KnownError('conflict', `Another anvil already listens on port ${port}.`, {
    hints: [
      'Is a demo running already? Stop it, or give this one another port.',
      `\`lsof -i tcp:${port}\` names the process.`,
    ],
  })
}

/** Reads what the node prints until it names its port; afterwards keeps the pipes empty, or it would block. */
async function listeningPort(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('The node has no pipes.')
  let complaint = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-500)
  })
  const lines = createInterface({ input: stdout })
  const timeout = setTimeout(() => lines.close(), startTimeoutMs)
  try {
    for await (const line of lines) {
      const port = /^Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
      if (port) return Number(port)
    }
  } finally {
    clearTimeout(timeout)
    lines.close()
    stdout.resume()
  }
  throw new KnownError('unavailable', `The local chain did not start: ${complaint.trim() || 'it said nothing'}.`, {
    hints: ['Is the port free? Port 0 takes any.'],
    retryable: true,
  })
}
