// Runs a script in Node 24 whatever Node npm itself runs in: `node bin/inNode24.js script.ts arguments…`.
import { spawnSync } from 'node:child_process'
import { findNode } from './findNode.js'

const { status, signal } = spawnSync(findNode(), process.argv.slice(2), { stdio: 'inherit' })
process.exit(signal ? 1 : (status ?? 1))
