// `npm start`: all set-up, then Tocsin: with the tocsin.yaml of this folder, or, where there is none, the demo.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, root } from './findNode.js'
import { nodeFlags } from './nodeFlags.js'
import { runChild } from './runChild.js'
import { say } from './say.js'
import { SetUpError, setUp } from './setUp.js'

try {
  await setUp()
  const args = process.argv.slice(2)
  const config = existsSync('tocsin.yaml') && !args.includes('--config') ? ['--config', 'tocsin.yaml'] : []
  const main = join(root, 'src/cli/main.ts')
  const { code } = await runChild(findNode(), [...nodeFlags, main, 'start', ...config, ...args])
  process.exitCode = code
} catch (error) {
  if (!(error instanceof SetUpError)) throw error
  say(error.message)
  process.exitCode = error.exitCode
}
