import type { Client } from 'pg'
import { KnownError } from '../../model/error.ts'
import type { Cluster } from './cluster.ts'
import { holdServer } from './holdServer.ts'
import { openCluster } from './openCluster.ts'
import { prepareRole } from './prepareRole.ts'
import type { Settings } from './startServer.ts'
import { stopServer } from './stopServer.ts'

type Options = {
  dataDirectory: string
  /** For short commands: when another process of ours holds the data directory, work beside it. */
  beside?: boolean
  /** Where what root's server user may not reach below the data directory is put instead. */
  sharedDirectory?: string
  settings?: Settings
  patienceMs?: number
  onProgress?: (text: string) => void
  /** Called once if the server is gone for good, or was taken over by another process, before `stop`. */
  onLost?: (error: KnownError) => void
}

export type Embedded = {
  /** Holds the password of an ordinary role that owns the database. */
  url: string
  /** For people: without secret. */
  description: string
  /** Ends the server, unless another process holds it. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL of a data directory, or takes over one that a killed process has left running, and keeps it
 * running until `stop`.
 *
 * @throws KnownError `conflict` when another process holds the data directory.
 */
export async function openEmbedded({ beside = false, onLost, ...options }: Options): Promise<Embedded> {
  const cluster = await openCluster({ ...options, sync: options.settings?.fsync !== 'off' })
  const hold = await holdServer(cluster, options)
  try {
    if (!hold.holds && !beside) throw inUse(options.dataDirectory, hold.holder)
    const url = await prepareRole(hold.client, cluster)
    const description = `embedded PostgreSQL in ${cluster.home}`
    if (hold.holds) return { url, description, ...keep(cluster, { ...options, client: hold.client, onLost }) }
    await hold.client.end()
    return { url, description, stop: async () => {} }
  } catch (error) {
    if (hold.holds) await stopServer(cluster)
    await hold.client.end().catch(() => {})
    throw error
  }
}

type Keep = Omit<Options, 'onLost'> & { client: Client; onLost: Options['onLost'] }

/** Holds the lock as long as we want it: a server that crashes is started again. */
function keep(cluster: Cluster, { onLost, ...options }: Keep): { stop(): Promise<void> } {
  let client = options.client
  let stopping = false
  let recovery: Promise<void> = Promise.resolve()

  const watch = () => {
    client.once('end', () => {
      if (!stopping) recovery = recover()
    })
  }
  const recover = async () => {
    try {
      const hold = await holdServer(cluster, options)
      client = hold.client
      if (hold.holds) return watch()
      await client.end()
      throw inUse(options.dataDirectory, hold.holder)
    } catch (cause) {
      const unknown = new KnownError('unavailable', `The database in ${cluster.home} was lost.`, { cause })
      onLost?.(cause instanceof KnownError ? cause : unknown)
    }
  }
  watch()
  return {
    async stop() {
      stopping = true
      await recovery
      await stopServer(cluster)
      await client.end().catch(() => {})
    },
  }
}

function inUse(dataDirectory: string, holder: string): KnownError {
  return new KnownError('conflict', `The data directory ${dataDirectory} is in use by ${holder} of Tocsin.`, {
    hints: ['Stop that one first.', 'Or let TOCSIN_DATA name another directory for this one.'],
  })
}
