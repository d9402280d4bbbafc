import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { type Cluster, socketPort } from './cluster.ts'
import { explainFileError } from './explainFileError.ts'
import { disownReusedPid } from './findPostmaster.ts'
import { bareEnvironment } from './runProgram.ts'

export type Settings = Readonly<Record<string, string | number>>

/** Sized for one small machine; everything else is PostgreSQL's own default. */
const settings = (cluster: Cluster): Settings => ({
  listen_addresses: '',
  port: socketPort,
  unix_socket_directories: `"${cluster.socketDirectory.replaceAll('"', '""')}"`,
  unix_socket_permissions: '0700',
  max_connections: 40,
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: 0,
  fsync: 'on',
  synchronous_commit: 'on',
  // Parallel queries need more shared memory than a container grants by default.
  max_parallel_workers_per_gather: 0,
  max_parallel_maintenance_workers: 0,
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The text of a failed statement would carry values; whoever sent it has the error.
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
})

const logBytesMax = 4_000_000

/** A server that we started. `ended` turns true, and `end` comes, when it is no more; its log begins at `logFrom`. */
export type Started = { ended: boolean; end: Promise<void>; logFrom: number }

/**
 * Starts the server and does not wait until it answers.
 *
 * It has a session of its own: what is typed at our terminal does not reach it, and when we are killed it stays, to be
 * found again by our next start.
 */
export async function startServer(cluster: Cluster, more: Settings): Promise<Started> {
  const { binaries, data, user, log } = cluster
  await disownReusedPid(cluster)
  const output = await openLog(log)
  try {
    const given = Object.entries({ ...settings(cluster), ...more }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const logFrom = (await output.stat()).size
    const child = spawn(binaries.postgres, ['-D', data, ...given], {
      ...user,
      cwd: data,
      env: bareEnvironment(),
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    child.unref()
    const started: Started = {
      ended: false,
      logFrom,
      end: new Promise((resolve) => {
        child.once('error', () => resolve())
        child.once('exit', () => resolve())
      }),
    }
    void started.end.then(() => {
      started.ended = true
    })
    return started
  } finally {
    await output.close()
  }
}

async function openLog(log: string) {
  try {
    const size = await stat(log).then(
      (found) => found.size,
      () => 0,
    )
    if (size > logBytesMax) await rename(log, `${log}.old`)
    return await open(log, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW, 0o600)
  } catch (error) {
    throw explainFileError(error, log)
  }
}

/** The last lines that a server which we started has written. */
export async function readLog({ log }: Cluster, { logFrom }: Started): Promise<string[]> {
  const file = await open(log, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const from = Math.max(logFrom, (await file.stat()).size - 4_000)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_000), 0, 4_000, from)
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-6)
  } finally {
    await file.close()
  }
}
