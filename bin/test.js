// `npm test`: all set-up, then every check and test. Arguments go to vitest, and leave the other checks out.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNode, root } from './findNode.js'
import { runChild } from './runChild.js'
import { say, timed } from './say.js'
import { packages } from './setUp/packages.js'
import { chromiumPath } from './setUp/testBrowser.js'
import { SetUpError, setUp } from './setUp.js'

const limitMs = 23 * 60_000
const args = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }

try {
  await setUp({ forTests: true })
} catch (error) {
  if (!(error instanceof SetUpError)) throw error
  say(error.message)
  if (error.wasStopped || !packages.isDone()) process.exit(error.exitCode)
  total.failed += 1
}
say(`Tests on ${describeMachine()}`)
if (args.length === 0) {
  await check('Format and lint (Biome)', 'node_modules/@biomejs/biome/bin/biome', [
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
  ])
  await check('Types (tsc)', 'node_modules/typescript/bin/tsc', ['--noEmit'])
} else {
  say('Arguments narrow this run to vitest: no Biome, no tsc')
}
await runVitest()
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0)

function describeMachine() {
  const { stdout } = spawnSync(findNode(), ['--version'], { encoding: 'utf8' })
  const user = process.getuid?.() === 0 ? 'root' : 'an ordinary user'
  return `${process.platform}-${process.arch} with ${availableParallelism()} cores, Node ${stdout.trim()}, as ${user}`
}

/** A tool that only says yes or no counts as one test. */
async function check(title, script, scriptArgs) {
  const { code } = await timed(title, () => runTool(script, scriptArgs))
  total[code === 0 ? 'passed' : 'failed'] += 1
}

async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-test-'))
  const outputFile = join(folder, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`]
  const { code } = await timed('Tests (vitest)', () =>
    runTool('node_modules/vitest/vitest.mjs', ['run', ...reporters, ...args]),
  )
  const counted = countResults(outputFile)
  rmSync(folder, { recursive: true, force: true })
  for (const kind of Object.keys(total)) total[kind] += counted[kind]
  if (code !== 0 && counted.failed === 0) {
    say(`vitest ended with code ${code} although no test failed; that counts as a failure`)
    total.failed += 1
  }
}

/** Counts from vitest's own report. A file that could not be loaded has no tests, and counts as one that failed. */
function countResults(outputFile) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(outputFile, 'utf8'),
    )
    const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    return {
      passed: numPassedTests,
      failed: numFailedTests + unloaded.length,
      skipped: numPendingTests + numTodoTests,
    }
  } catch (error) {
    say(`vitest left no report: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function runTool(script, scriptArgs) {
  const browser = chromiumPath()
  const result = await runChild(findNode(), [join(root, script), ...scriptArgs], {
    cwd: root,
    env: browser ? { ...process.env, TOCSIN_CHROMIUM: browser } : process.env,
    stdio: ['ignore', 'inherit', 'inherit'],
    wholeGroup: true,
    limitMs,
  })
  if (result.overdue) say(`It was ended because it ran longer than ${limitMs / 60_000} minutes`)
  if (result.stopped) process.exit(result.code || 1)
  return result
}
