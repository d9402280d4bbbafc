import { constants } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cluster, socketPort } from './cluster.ts'
import { isAlive } from './isAlive.ts'
import { runProgram } from './runProgram.ts'

/** Larger than any process id, so that PostgreSQL takes the file's writer for dead. */
const nobody = '2147483646'

/** The process id of the server that runs on this cluster, whoever started it. */
export async function findPostmaster(cluster: Cluster): Promise<number | undefined> {
  const pid = await readPid(cluster)
  if (pid === undefined || !isAlive(pid)) return undefined
  return (await isPostmaster(pid, cluster)) ? pid : undefined
}

/**
 * Lets a server start although the process id that its predecessor left behind is in use again, as it happens when a
 * container starts anew: PostgreSQL would take any process of its own user for its predecessor.
 *
 * The file itself stays, for PostgreSQL finds in it whether children of the predecessor still hold its memory.
 */
export async function disownReusedPid(cluster: Cluster): Promise<void> {
  const pid = await readPid(cluster)
  if (pid === undefined || !isAlive(pid) || (await isPostmaster(pid, cluster))) return
  const file = await open(pidFile(cluster), constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    const text = await file.readFile('utf8')
    await file.truncate(0)
    await file.write(text.replace(/^\d+/, nobody), 0)
  } finally {
    await file.close()
  }
  for (const end of ['', '.lock'])
    await rm(join(cluster.socketDirectory, `.s.PGSQL.${socketPort}${end}`), { force: true })
}

const pidFile = ({ data }: Cluster) => join(data, 'postmaster.pid')

async function readPid(cluster: Cluster): Promise<number | undefined> {
  const text = await readFile(pidFile(cluster), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const [pid] = /^\d+/.exec(text) ?? []
  return pid === undefined || Number(pid) <= 1 ? undefined : Number(pid)
}

/** Whether a process is the server of this cluster: process ids are used again, and a dead one may not be buried yet. */
export async function isPostmaster(pid: number, { data }: Pick<Cluster, 'data'>): Promise<boolean> {
  if (process.platform !== 'linux') {
    const { output } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)])
    return output.includes('postgres') && output.includes(data)
  }
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const [program = '', ...args] = words.split('\0')
  return program.endsWith('postgres') && args.includes(data)
}
