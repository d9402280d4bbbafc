import { setTimeout as delay } from 'node:timers/promises'
import { KnownError } from '../../model/error.ts'
import type { Cluster } from './cluster.ts'
import { findPostmaster, isPostmaster } from './findPostmaster.ts'

/** PostgreSQL's "fast" (roll back, write out, end) and "immediate" (end; recover at the next start). */
const ways = [
  { signal: 'SIGINT', patienceMs: 30_000 },
  { signal: 'SIGQUIT', patienceMs: 10_000 },
] as const

/** Stops the server, whoever started it, and comes back when it is gone. */
export async function stopServer(cluster: Cluster): Promise<void> {
  for (const { signal, patienceMs } of ways) {
    const pid = await findPostmaster(cluster)
    if (pid === undefined) return
    process.kill(pid, signal)
    const deadline = performance.now() + patienceMs
    while (performance.now() < deadline) {
      if (!(await isPostmaster(pid, cluster))) return
      await delay(20)
    }
  }
  throw new KnownError('unavailable', `The database in ${cluster.home} does not stop.`, {
    hints: [`Read ${cluster.log}.`],
  })
}
