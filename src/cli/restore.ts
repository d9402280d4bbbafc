import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineCommand } from 'citty'
import { KnownError } from '../model/error.ts'
import { openDatabase } from '../store/openDatabase.ts'
import { restore } from '../store/restore.ts'
import { dataDirectory } from './dataDirectory.ts'

export const restoreCommand = defineCommand({
  meta: { name: 'restore', description: 'Reads a file that `backup` wrote into an empty database.' },
  args: {
    file: { type: 'positional', description: 'File that was written by backup', required: true, valueHint: 'FILE' },
  },
  async run({ args }) {
    const file = resolve(args.file)
    if (!existsSync(file)) throw new KnownError('not_found', `There is no file ${file}.`)
    const url = process.env.DATABASE_URL
    const database = await openDatabase({
      dataDirectory: dataDirectory(),
      url,
      onProgress: (text) => process.stdout.write(`${text}\n`),
    })
    try {
      await restore(database.pool, { file })
    } finally {
      await database.close()
    }
    process.stdout.write(`${args.file} was read into the database of ${database.description}.\n`)
  },
})
