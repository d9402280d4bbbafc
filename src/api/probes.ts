import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { listBlindness } from '../store/blindness.ts'
import type { ApiDependencies } from './apiDependencies.ts'
import { judgeChain } from './judgeSight.ts'

/** For machines: does the process live, can it do its work, and in what numbers. Open to everybody on this machine. */
export function createProbes(api: Pick<ApiDependencies, 'db' | 'chains' | 'metrics' | 'now'>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ alive: true }))
    .get('/readyz', async (c) => {
      const reasons = await reasonsNotReady(api)
      return c.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503)
    })
    .get('/metrics', async (c) => c.body(await api.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4' }))
}

async function reasonsNotReady({ db, chains, now }: Pick<ApiDependencies, 'db' | 'chains' | 'now'>): Promise<string[]> {
  try {
    await db.execute(sql`select 1`)
    const blindness = await listBlindness(db)
    return chains().flatMap((chain) => {
      const { state, reason } = judgeChain(chain, blindness, now())
      return state === 'seen' ? [] : [`${chain.name}: ${reason ?? state}`]
    })
  } catch {
    // What went wrong may name hosts and users; whoever runs it finds it in the log of the database's user.
    return ['The database does not answer.']
  }
}
