import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listAlerts, signIn, startDemoProcess } from '../test/harness/demoProcess.ts'
import type { Bench } from './figure.ts'

const attack = 'reentrancy-drain'
const monitor = 'drain'
const pollMs = 100

/**
 * What somebody waits for who has just cloned the repository: from `npm start`, with nothing in npm's cache, to the
 * console, and from the attack to the first alert. Clones HEAD; fetches about 1 GB.
 */
export const firstAlert: Bench = async function* () {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-first-'))
  const clone = join(folder, 'tocsin')
  const { DATABASE_URL, TOCSIN_DATA, ...rest } = process.env
  const where = { cwd: clone, env: { ...rest, npm_config_cache: join(folder, 'cache') } }
  const start = () => startDemoProcess(['npm', 'start', '--', '--port', '0'], where)
  try {
    execFileSync('git', ['clone', '--quiet', process.cwd(), clone])
    const from = performance.now()
    const demo = await start()
    yield seconds('from npm start in a fresh clone to the console', from)
    try {
      const cookie = await signIn(demo)
      const attacked = performance.now()
      const attacker = spawn('npx', ['tocsin', 'demo', 'attack', attack], { ...where, stdio: 'ignore' })
      const ended = once(attacker, 'exit')
      while (!(await listAlerts(demo.url, cookie)).some((alert) => alert.monitor === monitor)) await sleep(pollMs)
      yield seconds('from the command that attacks to the alert', attacked)
      yield seconds('from npm start in a fresh clone to the first alert', from)
      await ended
    } finally {
      await demo.stop()
    }
    const again = performance.now()
    const second = await start()
    yield seconds('from the second npm start to the console', again)
    await second.stop()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const seconds = (figure: string, from: number) => ({
  figure,
  value: Number(((performance.now() - from) / 1000).toFixed(1)),
  unit: 's',
})
