#!/usr/bin/env node
// The command `tocsin`. Plain JavaScript that parses on Node 20: where Node is too old, it starts the pinned one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findNode, root } from './findNode.js'
import { runChild } from './runChild.js'

// A clone runs its sources. A published package has none, because Node strips no types below node_modules.
const source = join(root, 'src/cli/main.ts')
const main = existsSync(source) ? source : join(root, 'dist/cli/main.js')

const node = findNode()
if (node === process.execPath) {
  process.argv[1] = main
  await import(pathToFileURL(main).href)
} else {
  const { code } = await runChild(node, [main, ...process.argv.slice(2)])
  process.exitCode = code
}
