import { spawn } from 'node:child_process'
import { KnownError } from '../../model/error.ts'

/** The operating system's user as whom a program is to run. */
export type OsUser = { uid: number; gid: number }

type Options = { user?: OsUser | undefined; cwd?: string; timeoutMs?: number }

/** How much of a program's output is kept: its end. */
const outputCharacters = 8_000

/** Our environment holds secrets and `PG…` variables that would change what PostgreSQL does; it gets neither. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

/**
 * Runs a program to its end, without a shell.
 *
 * @returns Its exit status (null: ended by a signal) and the end of what it wrote.
 * @throws The operating system's error where it could not be started; a KnownError where it did not end in time.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  { user, cwd = '/', timeoutMs = 60_000 }: Options = {},
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...user, cwd, env: bareEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-outputCharacters)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new KnownError('unavailable', `${file} did not end within ${timeoutMs / 1000} seconds.`))
    }, timeoutMs)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ status, output: output.trim() })
    })
  })
}
