import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../findNode.js'
import { runChild } from '../runChild.js'

/** The packages of package-lock.json. npm's record of what it installed tells whether anything is left to do. */
export const packages = {
  title: 'packages (npm ci)',

  isDone() {
    const record = join(root, 'node_modules/.package-lock.json')
    if (!existsSync(record)) return false
    const installed = readPackages(record)
    return Object.entries(readPackages(join(root, 'package-lock.json'))).every(([path, wanted]) => {
      if (path === '') return true
      const found = installed[path]
      if (!found) return mayBeMissing(wanted)
      // npm also writes its record when it was asked to write nothing but the lock file, so the folder counts as well.
      return existsSync(join(root, path)) && found.version === wanted.version && found.integrity === wanted.integrity
    })
  },

  /** No package may run scripts of its own, so that none can do harm before anybody has called it. */
  run() {
    const args = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
    const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], wholeGroup: true }
    const npm = process.env.npm_execpath ?? ''
    return npm.endsWith('.js') ? runChild(process.execPath, [npm, ...args], options) : runChild('npm', args, options)
  },
}

const readPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages

/** npm leaves out optional packages of other platforms, and what only those need. */
function mayBeMissing({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return false
  const isForAnyPlatform = os === undefined && cpu === undefined
  const isForUs =
    (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch)
  return isForAnyPlatform || !isForUs || libc !== undefined
}
