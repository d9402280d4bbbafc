import { randomBytes } from 'node:crypto'
import { chown, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KnownError } from '../../model/error.ts'
import { administrator } from './cluster.ts'
import { diskFull, explainFileError } from './explainFileError.ts'
import type { Binaries } from './findBinaries.ts'
import { isAlive } from './isAlive.ts'
import { makeDirectory } from './makeDirectory.ts'
import { type OsUser, runProgram } from './runProgram.ts'

type Place = {
  /** Where the cluster is to be found afterwards. */
  door: string
  /** The directory it is made in: that of `door`, or another one, and then `door` becomes a link. */
  parent: string
  user: OsUser | undefined
  binaries: Binaries
  sync: boolean
}

/** Makes a cluster beside its place and moves it there whole, so that a crash or a race leaves none half made. */
export async function createCluster({ door, parent, user, binaries, sync }: Place): Promise<void> {
  const draft = join(parent, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  await makeDirectory(parent, { mode: user ? 0o711 : 0o700 })
  await removeLeftovers(parent)
  try {
    await makeDirectory(draft, { mode: user ? 0o711 : 0o700 })
    await fillCluster(draft, { user, binaries, sync })
    if (parent === dirname(door)) await rename(draft, door)
    else await publish(draft, door)
  } catch (error) {
    // Another process was faster: its cluster is as good as ours.
    if (error instanceof Error && 'code' in error && /^(EEXIST|ENOTEMPTY|ENOTDIR)$/.test(String(error.code))) return
    throw explainFileError(error, parent)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function publish(draft: string, door: string): Promise<void> {
  const home = join(dirname(draft), randomBytes(8).toString('hex'))
  await rename(draft, home)
  await symlink(home, door).catch(async (error) => {
    await rm(home, { recursive: true, force: true })
    throw error
  })
}

async function fillCluster(home: string, { user, binaries, sync }: Omit<Place, 'door' | 'parent'>): Promise<void> {
  const [data, passwordForServer] = [join(home, 'data'), join(home, 'password.new')]
  await makeDirectory(data, { mode: 0o700, owner: user })
  const password = randomBytes(32).toString('hex')
  await writeFile(join(home, 'password'), password, { mode: 0o600, flush: sync })
  await writeFile(passwordForServer, password, { mode: 0o600 })
  if (user) await chown(passwordForServer, user.uid, user.gid)
  const { status, output } = await runProgram(
    binaries.initdb,
    [
      ...['--pgdata', data, '--username', administrator, '--pwfile', passwordForServer],
      ...['--auth-local', 'scram-sha-256', '--auth-host', 'reject', '--encoding', 'UTF8'],
      // The order of text is then the same on every system, and no upgrade of its libraries breaks an index.
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--no-instructions'],
      ...(sync ? [] : ['--no-sync']),
    ],
    { user, cwd: home, timeoutMs: 180_000 },
  )
  await rm(passwordForServer)
  if (status === 0) return
  if (output.includes('No space left on device')) throw diskFull(dirname(home))
  throw new KnownError('unavailable', `The database could not be made in ${dirname(home)}: ${lastLines(output)}`, {
    hints: ['Or let DATABASE_URL name a PostgreSQL server.'],
  })
}

function lastLines(output: string): string {
  return output.split('\n').slice(-5).join(' | ')
}

/** Drafts of processes that were killed meanwhile. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^postgres\.new-(\d+)-/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true })
  }
}
