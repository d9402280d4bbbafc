import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { KnownError } from '../../model/error.ts'
import { socketPort } from './cluster.ts'
import { makeDirectory } from './makeDirectory.ts'
import type { OsUser } from './runProgram.ts'

/** Longest path of a Unix socket in bytes: 107 on Linux, 103 on macOS (sockaddr_un). */
const longestPath = 103

/** A private directory for the server's socket: beside its data, or under /tmp where that path is too long. */
export async function socketDirectoryOf(home: string, user: OsUser | undefined): Promise<string> {
  const beside = join(home, 'run')
  const fits = Buffer.byteLength(join(beside, `.s.PGSQL.${socketPort}`)) <= longestPath
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const directory = fits ? beside : `/tmp/tocsin-${name}`
  await makeDirectory(directory, { mode: 0o700, owner: user })

  // In /tmp anybody may have made it before us, to stand between us and the server.
  const { uid, mode } = await lstat(directory)
  if (uid === (user?.uid ?? process.getuid?.()) && (mode & 0o170_077) === 0o040_000) return directory
  throw new KnownError('forbidden', `${directory}, where the database's socket is to lie, is not private.`, {
    hints: [`Remove ${directory}, or let TOCSIN_DATA name a directory with a shorter path.`],
  })
}
