import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { KnownError } from '../model/error.ts'

/** The schema comes with the program; an editor finds it by its path from the config. Null where it did not come along. */
export function schemaFor(out: string): string | null {
  const schema = fileURLToPath(new URL('../../docs/reference/tocsin.schema.json', import.meta.url))
  return existsSync(schema) ? relative(dirname(resolve(out)), schema) : null
}

/**
 * To be asked before the work begins, and not after it.
 * @throws {KnownError} The file is there, and may not be overwritten; or its folder is not there.
 */
export function refuseToWrite(out: string, force: boolean | undefined): void {
  const folder = dirname(resolve(out))
  if (!existsSync(folder)) throw new KnownError('not_found', `${out} cannot be written: there is no folder ${folder}.`)
  refuseToOverwrite(out, force)
}

/** @throws {KnownError} The file is there, and may not be overwritten. */
export function refuseToOverwrite(out: string, force: boolean | undefined): void {
  if (force || !existsSync(out)) return
  throw new KnownError('conflict', `${out} is there already.`, {
    hints: ['Name another with --out FILE, or overwrite it with --force.'],
  })
}

/**
 * Writes a config that can be read, or nothing.
 *
 * @param env With all variables that the config refers to.
 * @throws {KnownError} It cannot be read, or not be written.
 */
export function writeChecked(out: string, text: string, env: NodeJS.ProcessEnv): void {
  const draft = join(dirname(resolve(out)), `.tocsin-draft-${process.pid}.yaml`)
  try {
    writeFileSync(draft, text, { flag: 'wx' })
    loadConfig(draft, plugIns, env)
    renameSync(draft, out)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw unwritable(out, cause)
  }
}

/**
 * Writes what a config refers to, beside it.
 * @param files Texts by path from the folder of the config.
 * @throws {KnownError} One is there with another text and may not be overwritten, or cannot be written.
 */
export function writeFiles(out: string, files: ReadonlyMap<string, string>, force: boolean | undefined): void {
  const places = [...files].map(([path, text]) => ({ place: join(dirname(resolve(out)), path), path, text }))
  for (const { place, text } of places) {
    if (existsSync(place) && readFileSync(place, 'utf8') !== text) refuseToOverwrite(place, force)
  }
  for (const { place, path, text } of places) {
    try {
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, text)
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }
}

/** What the system says of a file that cannot be written, in our words; any other error as it is. */
export function unwritable(out: string, cause: unknown): unknown {
  const isOfSystem = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && 'syscall' in cause
  return isOfSystem ? new KnownError('unavailable', `${out} cannot be written (${cause.code}).`, { cause }) : cause
}
