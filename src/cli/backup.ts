import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { KnownError } from '../model/error.ts'
import { dump } from '../store/dump.ts'
import { openDatabase } from '../store/openDatabase.ts'
import { dataDirectory } from './dataDirectory.ts'

export const backup = defineCommand({
  meta: { name: 'backup', description: 'Writes the database into a file; works while Tocsin runs.' },
  args: { out: { type: 'string', description: 'File to write', valueHint: 'FILE' } },
  async run({ args }) {
    const day = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')
    const file = resolve(args.out ?? `tocsin-${day}.dump.gz`)
    const url = process.env.DATABASE_URL || undefined
    const directory = dataDirectory()
    if (url === undefined) refuseNothing(directory)
    const onProgress = (text: string) => process.stderr.write(`${text}\n`)
    const database = await openDatabase({ dataDirectory: directory, url, beside: true, onProgress })
    try {
      await dump(database.pool, { file })
    } finally {
      await database.close()
    }
    process.stdout.write(`The database of ${database.description} is in ${file}.\n`)
  },
})

/** An empty database made for the occasion would look like a backup. */
function refuseNothing(directory: string): void {
  if (existsSync(join(directory, 'postgres'))) return
  throw new KnownError('not_found', `There is no database in ${directory}.`, {
    hints: ['Give the TOCSIN_DATA or the DATABASE_URL with which Tocsin runs. The demo is not worth a backup.'],
  })
}
