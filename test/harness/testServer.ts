import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { Cluster } from '../../src/store/postgres/cluster.ts'
import { holdServer } from '../../src/store/postgres/holdServer.ts'
import { isAlive } from '../../src/store/postgres/isAlive.ts'
import { openCluster } from '../../src/store/postgres/openCluster.ts'
import { prepareRole } from '../../src/store/postgres/prepareRole.ts'
import { stopServer } from '../../src/store/postgres/stopServer.ts'

/** Directory of a run's server; the number behind it is the process of the run. */
const prefix = 'tocsin-test-'
const variable = 'TOCSIN_TEST_DATA'

/** Durability off: what a test loses with the machine, nobody misses. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: 100 }

/** Names the directory of this run's server, for its worker processes. */
export function nameTestServer(): string {
  const directory = join(tmpdir(), `${prefix}${process.pid}`)
  process.env[variable] = directory
  return directory
}

/** Looked up once per process. */
let cluster: Promise<Cluster> | undefined

/**
 * Connects as administrator to this run's server, which the first caller of all processes starts.
 *
 * @returns The connection, and the URL of an ordinary role that may own databases.
 */
export async function connectTestServer(): Promise<{ client: Client; url: string }> {
  const dataDirectory = process.env[variable]
  if (!dataDirectory) throw new Error(`${variable} is not set: vitest's globalSetup did not run.`)
  cluster ??= openCluster({ dataDirectory, sync: false })
  const { client } = await holdServer(await cluster, { settings })
  await client.query('select pg_advisory_lock(1)')
  try {
    return { client, url: await prepareRole(client, await cluster) }
  } finally {
    await client.query('select pg_advisory_unlock(1)')
  }
}

/** Stops a run's server, if it was ever started, and removes all that it wrote. */
export async function removeTestServer(dataDirectory: string): Promise<void> {
  if (existsSync(join(dataDirectory, 'postgres'))) {
    const left = await openCluster({ dataDirectory })
    await stopServer(left)
    await rm(left.socketDirectory, { recursive: true, force: true })
    await rm(left.home, { recursive: true, force: true })
  }
  await rm(dataDirectory, { recursive: true, force: true })
}

/** Removes what killed runs have left behind. */
export async function removeOldTestServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN
    if (pid > 0 && !isAlive(pid)) await removeTestServer(join(tmpdir(), name)).catch(() => {})
  }
}
