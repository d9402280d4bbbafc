import { resolve } from 'node:path'
import { defineCommand } from 'citty'
import { dump } from '../store/dump.ts'
import { openDatabase } from '../store/openDatabase.ts'
import { dataDirectory } from './dataDirectory.ts'

export const backup = defineCommand({
  meta: { name: 'backup', description: 'Writes the database into a file; works while Tocsin runs.' },
  args: { out: { type: 'string', description: 'File to write', valueHint: 'FILE' } },
  async run({ args }) {
    const day = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')
    const file = resolve(args.out ?? `tocsin-${day}.dump.gz`)
    const url = process.env.DATABASE_URL
    const database = await openDatabase({ dataDirectory: dataDirectory(), url, beside: true })
    try {
      await dump(database.pool, { file })
    } finally {
      await database.close()
    }
    process.stdout.write(`The database of ${database.description} is in ${file}.\n`)
  },
})
