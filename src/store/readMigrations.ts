import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Migration = { name: string; hash: string; statements: string[] }

/** Beside this file in the sources, and beside the compiled file wherever the build puts that in one bundle. */
const places = ['./migrations/', './store/migrations/', '../store/migrations/', '../src/store/migrations/']

/** The folder of migrations that belongs to this program. */
export function findMigrations(from: string | URL = import.meta.url): string {
  const folders = places.map((place) => fileURLToPath(new URL(place, from)))
  const found = folders.find((folder) => existsSync(join(folder, 'meta/_journal.json')))
  if (!found) throw new Error(`The migrations of the database are missing beside ${from}.`)
  return found
}

/** The migrations of a folder that drizzle-kit wrote, oldest first. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'))
  return Promise.all(
    journal.entries.map(async ({ tag }) => {
      const text = await readFile(join(folder, `${tag}.sql`), 'utf8')
      const hash = createHash('sha256').update(text).digest('hex')
      return { name: tag, hash, statements: text.split('--> statement-breakpoint') }
    }),
  )
}
