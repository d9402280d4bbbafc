// Plain JavaScript that parses on Node 20.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** A Ctrl-C reaches us twice, from the terminal and from npm; repeats within this time count as one. */
const sameKeypressMs = 500
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program to its end and passes SIGINT, SIGTERM and SIGHUP on to it, each key press once.
 *
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, stdio?: import('node:child_process').StdioOptions,
 *   wholeGroup?: boolean, limitMs?: number }} [options]
 *   `wholeGroup` sends signals to the program's children too; `limitMs` ends it with SIGTERM, ten seconds later SIGKILL.
 * @returns {Promise<{ code: number, stopped: boolean, overdue: boolean }>} `code` is what a shell would report: 128 + number for a
 *   program that a signal ended. `stopped`: we were told to stop meanwhile. `overdue`: it ran into `limitMs`.
 */
export function runChild(program, args, { wholeGroup = false, limitMs, stdio = 'inherit', ...options } = {}) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the terminal's signal does not reach it beside ours.
    const child = spawn(program, args, { ...options, stdio, detached: true })
    let last = { signal: '', at: 0 }
    let stopped = false
    let overdue = false

    const send = (signal) => {
      try {
        if (wholeGroup) process.kill(-child.pid, signal)
        else child.kill(signal)
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    }
    const forward = (signal) => {
      const now = Date.now()
      if (signal === last.signal && now - last.at < sameKeypressMs) return
      last = { signal, at: now }
      stopped = true
      send(signal)
    }
    const timers = []
    if (limitMs !== undefined) {
      const expire = () => {
        overdue = true
        send('SIGTERM')
      }
      timers.push(setTimeout(expire, limitMs), setTimeout(send, limitMs + 10_000, 'SIGKILL'))
    }
    const settle = () => {
      for (const timer of timers) clearTimeout(timer)
      for (const signal of forwarded) process.removeListener(signal, forward)
    }

    for (const signal of forwarded) process.on(signal, forward)
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      settle()
      resolve({ code: code ?? 128 + constants.signals[signal], stopped, overdue })
    })
  })
}
