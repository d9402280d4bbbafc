#!/usr/bin/env node
// The command `tocsin`. Plain JavaScript that parses on Node 20: where Node is too old, it starts the pinned one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, root } from './findNode.js'
import { nodeFlags } from './nodeFlags.js'
import { runChild } from './runChild.js'

// A clone runs its sources. A published package has none, because Node strips no types below node_modules.
const source = join(root, 'src/cli/main.ts')
const main = existsSync(source) ? source : join(root, 'dist/cli/main.js')

// What was compiled once need not be again: a command starts in half the time. Where it cannot be kept, Node goes on without.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled')

const node = findNode()
const args = [...process.execArgv, ...nodeFlags, main, ...process.argv.slice(2)]
// Node takes the flags when it starts only. Where it can, it becomes the command, and no second process is left.
if (node === process.execPath && process.platform !== 'win32') process.execve(node, [node, ...args], process.env)
const { code } = await runChild(node, args)
process.exitCode = code
