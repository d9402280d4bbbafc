import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { dump } from './dump.ts'
import { makeDirectory } from './postgres/makeDirectory.ts'

type Options = {
  pool: Pool
  dataDirectory: string
  /** The migration that the database is at. */
  last: string
  onProgress?: ((text: string) => void) | undefined
}

const kept = 5
const automatic = /^before-upgrade-.*\.dump\.gz$/

/** Dumps the database into the data directory before it is changed, and removes the oldest such dumps beyond five. */
export async function dumpBefore({ pool, dataDirectory, last, onProgress }: Options): Promise<void> {
  const directory = join(dataDirectory, 'dumps')
  await makeDirectory(directory, { mode: 0o700 })
  const time = new Date().toISOString().replaceAll(':', '-')
  const file = join(directory, `before-upgrade-${time}-${last}.dump.gz`)
  onProgress?.(`Writing ${file} before the database is changed.`)
  await dump(pool, { file })
  const names = (await readdir(directory)).filter((name) => automatic.test(name)).sort()
  for (const name of names.slice(0, -kept)) await rm(join(directory, name))
}
