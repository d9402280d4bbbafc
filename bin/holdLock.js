// Plain JavaScript that parses on Node 20.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 200

/**
 * Holds a lock between processes of one machine while `work` runs. The lock of a process that died is taken over.
 *
 * @param {string} path Where the lock file is; it holds the owner's process id and never lies there empty.
 * @param {{ onWait: (owner: number) => void, limitMs: number }} options `onWait` is called once if somebody else holds it.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 * @throws {Error} Somebody else held it for longer than `limitMs`.
 */
export async function holdLock(path, { onWait, limitMs }, work) {
  const deadline = Date.now() + limitMs
  let waiting = false
  while (!take(path)) {
    const owner = readOwner(path)
    if (owner !== undefined && !isAlive(owner)) {
      discard(path, owner)
      continue
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${owner} has held ${path} for too long. If it is not a set-up of Tocsin, delete that file.`,
      )
    }
    if (!waiting && owner !== undefined) onWait(owner)
    waiting = true
    await sleep(pollMs)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** Links a finished file into place, which only one can do. */
function take(path) {
  const own = `${path}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(own, { force: true })
  }
}

function readOwner(path) {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Moves a dead owner's lock away. Of several that try, one succeeds; who moved a newer lock by mistake puts it back. */
function discard(path, owner) {
  const away = `${path}.${process.pid}.dead`
  try {
    renameSync(path, away)
    if (readOwner(away) !== owner) linkSync(away, path)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(away, { force: true })
  }
}
