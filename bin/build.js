// `npm run build`: what a published package needs beside package.json and bin, from the sources.
// `node bin/build.js FOLDER` writes the compiled sources elsewhere.
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findNode, root } from './findNode.js'
import { runChild } from './runChild.js'
import { say, timed } from './say.js'
import { consolePages } from './setUp/consolePages.js'

const dist = resolve(root, process.argv[2] ?? 'dist')
// Types reach from src to the demo, so the compiler writes both; the demo stays behind.
const compiled = join(dist, '.compiled')

try {
  await step('Compile (tsc)', compile)
  if (!consolePages.isDone()) await step(`Build ${consolePages.title}`, () => consolePages.run())
} catch (error) {
  say(error.message)
  process.exitCode = 1
}

async function compile() {
  rmSync(dist, { recursive: true, force: true })
  mkdirSync(dist, { recursive: true })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', compiled]
  const result = await runChild(findNode(), [tsc, ...options], { cwd: root, wholeGroup: true })
  if (result.code !== 0) return result
  cpSync(join(root, 'src/store/migrations'), join(compiled, 'src/store/migrations'), { recursive: true })
  const whole = `${dist}.whole`
  renameSync(join(compiled, 'src'), whole)
  rmSync(dist, { recursive: true })
  renameSync(whole, dist)
  return result
}

async function step(title, work) {
  const { code } = await timed(title, work)
  if (code !== 0) throw new Error(`${title} failed.`)
}
