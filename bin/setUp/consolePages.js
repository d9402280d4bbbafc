import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { findNode, root } from '../findNode.js'
import { runChild } from '../runChild.js'

const web = join(root, 'web')
/** What the pages were built from; it stands beside them, so it goes when they go. */
const stamp = join(web, 'dist/.built-from')

/** The console's pages. They are built anew when a source, or a package that could be built in, has changed. */
export const consolePages = {
  title: 'console (Vite)',
  isDone() {
    if (!existsSync(join(web, 'index.html'))) return true
    return existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOfSources()
  },
  async run() {
    const digest = digestOfSources()
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const result = await runChild(findNode(), [vite, 'build', web, '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      wholeGroup: true,
    })
    if (result.code === 0) writeFileSync(stamp, digest)
    return result
  },
}

/** Of src the pages import types only, which leave no trace in them. */
function digestOfSources() {
  const hash = createHash('sha256')
  const files = readdirSync(web, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Node 20.0 to 20.11 called it `path`.
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.startsWith(join(web, 'dist') + sep))
  for (const path of [...files.sort(), join(root, 'package-lock.json')]) {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}
