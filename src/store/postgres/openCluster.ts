import { lstat, readFile, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { KnownError } from '../../model/error.ts'
import type { Cluster } from './cluster.ts'
import { createCluster } from './createCluster.ts'
import { explainFileError } from './explainFileError.ts'
import { type Binaries, findBinaries } from './findBinaries.ts'
import { findServerUser } from './findServerUser.ts'
import { makeDirectory } from './makeDirectory.ts'
import { type OsUser, runProgram } from './runProgram.ts'
import { socketDirectoryOf } from './socketDirectoryOf.ts'

type Options = { dataDirectory: string; sharedDirectory?: string; sync?: boolean; onProgress?: (text: string) => void }

/**
 * The cluster of a data directory, made where there is none. Does not start it.
 *
 * It lies in `<dataDirectory>/postgres`. Started as root, the server runs as another user; where that one may not
 * enter the data directory, the cluster lies in `sharedDirectory` and `<dataDirectory>/postgres` is a link to it.
 *
 * @param sync False: a new cluster is not written through to the disk. For tests.
 */
export async function openCluster(options: Options): Promise<Cluster> {
  const { sharedDirectory = '/var/lib/tocsin', sync = true, onProgress } = options
  const dataDirectory = resolve(options.dataDirectory)
  const door = join(dataDirectory, 'postgres')
  const serverUser = await findServerUser()
  await makeDirectory(dataDirectory, { mode: serverUser ? 0o711 : 0o700 })

  const binaries = await findBinaries({ user: serverUser, spare: serverUser ? sharedDirectory : dataDirectory })
  if (!(await isPresent(door))) {
    onProgress?.('Preparing the database for the first time.')
    const parent = serverUser && !(await mayEnter(serverUser, dataDirectory)) ? sharedDirectory : dataDirectory
    await createCluster({ door, parent, user: serverUser, binaries, sync })
  }
  return describeCluster(door, { serverUser, binaries })
}

async function isPresent(door: string): Promise<boolean> {
  const found = await lstat(door).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw explainFileError(error, door)
  })
  return found !== undefined
}

async function mayEnter(user: OsUser, directory: string): Promise<boolean> {
  const { status } = await runProgram('sh', ['-c', 'cd -- "$0"', directory], { user })
  return status === 0
}

async function describeCluster(
  door: string,
  { serverUser, binaries }: { serverUser: OsUser | undefined; binaries: Binaries },
): Promise<Cluster> {
  const home = await realpath(door).catch((cause) => {
    throw new KnownError('conflict', `The database that ${door} leads to is gone.`, {
      cause,
      hints: ['Bring its directory back.', `Or remove ${door} to begin with an empty database.`],
    })
  })
  const data = join(home, 'data')
  const owner = await stat(data).catch((error) => {
    throw explainFileError(error, data)
  })
  const ourselves = process.getuid?.()
  if (ourselves !== 0 && owner.uid !== ourselves) {
    throw new KnownError('forbidden', `The database in ${home} belongs to user ${owner.uid}; this is ${ourselves}.`, {
      hints: ['Start Tocsin as the user who made it, or let TOCSIN_DATA name another directory.'],
    })
  }
  const user = serverUser && { uid: owner.uid, gid: owner.gid }
  if (user && !(await mayEnter(user, home))) {
    throw new KnownError('forbidden', `The database in ${home} belongs to user ${user.uid}, who may not enter there.`, {
      hints: [`Let that user through the directories above ${home} (chmod o+x).`],
    })
  }
  await checkVersion(data, binaries)
  const password = await readPassword(join(home, 'password'))
  const socketDirectory = await socketDirectoryOf(home, user)
  return { home, data, socketDirectory, log: join(home, 'server.log'), password, user, binaries }
}

async function checkVersion(data: string, { major }: Binaries): Promise<void> {
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch((error) => {
    throw explainFileError(error, data)
  })
  if (version.trim() === String(major)) return
  throw new KnownError('conflict', `The database in ${data} is of PostgreSQL ${version.trim()}; this is ${major}.`, {
    hints: ['Write a dump with the version of Tocsin that made it, and restore that into a new data directory.'],
  })
}

async function readPassword(file: string): Promise<string> {
  const password = await readFile(file, 'utf8').catch((cause) => {
    throw new KnownError('conflict', `The password of the database, ${file}, cannot be read.`, {
      cause,
      hints: ['Put the file back from a backup.', 'Or restore a dump into a new data directory.'],
    })
  })
  return password.trim()
}
