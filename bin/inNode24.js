// Runs a script in Node 24 whatever Node npm itself runs in: `node bin/inNode24.js script.ts arguments…`.
import { findNode } from './findNode.js'
import { runChild } from './runChild.js'

const { code } = await runChild(findNode(), process.argv.slice(2))
process.exitCode = code
