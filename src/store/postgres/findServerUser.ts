import { KnownError } from '../../model/error.ts'
import { type OsUser, runProgram } from './runProgram.ts'

/** Looked for in this order; the last one is made where there is none. */
const names = ['postgres', '_postgres', 'tocsin']

/** The user as whom the server has to run: PostgreSQL refuses root. Undefined: as ourselves. */
export async function findServerUser(): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of names) {
    const user = await lookUp(name)
    if (user) return user
  }
  await createUser('tocsin')
  const user = await lookUp('tocsin')
  if (user) return user
  throw noUser('useradd made the user tocsin, but it cannot be found')
}

async function lookUp(name: string): Promise<OsUser | undefined> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])])
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.output), gid: Number(gid.output) } : undefined
}

async function createUser(name: string): Promise<void> {
  const args = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]
  const { status, output } = await runProgram('useradd', args).catch((error: Error) => ({
    status: null,
    output: error.message,
  }))
  if (status !== 0) throw noUser(output)
}

function noUser(reason: string): KnownError {
  return new KnownError('unavailable', `PostgreSQL does not run as root, and no user was found for it: ${reason}.`, {
    hints: [
      'Start Tocsin as an ordinary user.',
      'Or make a system user named tocsin.',
      'Or let DATABASE_URL name a PostgreSQL server.',
    ],
  })
}
