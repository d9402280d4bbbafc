import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { KnownError } from '../src/model/error.ts'
import type { Protocol } from './protocol.ts'

const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)])

/** What another process must know to find the demo: the file `demo.json` in the data directory. */
const runningDemo = z.object({
  pid: z.int().positive(),
  rpcUrl: z.url(),
  addresses: z.object({
    dusd: address,
    votes: address,
    vault: address,
    pair: address,
    feed: address,
    market: address,
    rewards: address,
    governor: address,
    timelock: address,
    treasury: address,
  }),
})
export type RunningDemo = z.infer<typeof runningDemo>

const fileOf = (dataDirectory: string) => join(dataDirectory, 'demo.json')

export function writeRunningDemo(dataDirectory: string, rpcUrl: string, { contracts }: Protocol): void {
  const addresses = Object.fromEntries(Object.entries(contracts).map(([name, { address }]) => [name, address]))
  mkdirSync(dataDirectory, { recursive: true })
  writeFileSync(fileOf(dataDirectory), `${JSON.stringify({ pid: process.pid, rpcUrl, addresses }, null, 2)}\n`)
}

export const removeRunningDemo = (dataDirectory: string) => rmSync(fileOf(dataDirectory), { force: true })

/** The demo whose process lives; undefined where there is none, or only what a killed one has left. */
export function findRunningDemo(dataDirectory: string): RunningDemo | undefined {
  try {
    const demo = runningDemo.parse(JSON.parse(readFileSync(fileOf(dataDirectory), 'utf8')))
    return isAlive(demo.pid) ? demo : undefined
  } catch {
    return undefined
  }
}

/** @throws {KnownError} No demo runs there. */
export function getRunningDemo(dataDirectory: string): RunningDemo {
  const demo = findRunningDemo(dataDirectory)
  if (demo) return demo
  throw new KnownError('unavailable', `No demo is running with its data in ${dataDirectory}.`, {
    hints: [
      'Run `npm start` in another terminal, without a tocsin.yaml.',
      'Was it started with another TOCSIN_DATA? Set the same here.',
    ],
  })
}

/** A process of somebody else's cannot be signalled, and lives. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
