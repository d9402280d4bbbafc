import type { z } from 'zod'
import { listBlindness } from '../store/blindness.ts'
import { countAlerts } from '../store/console/countAlerts.ts'
import { listDeadMessages } from '../store/console/listDeadMessages.ts'
import { listOpenAlerts } from '../store/console/listOpenAlerts.ts'
import { listActiveSilences } from '../store/silences.ts'
import type { ApiDependencies } from './apiDependencies.ts'
import { judgeChain, judgeMonitor } from './judgeSight.ts'
import { projectDay } from './projectDay.ts'
import type { statusSchema } from './schemas.ts'

/** All that the first page of the console shows, as of one moment. */
export async function readStatus(api: ApiDependencies): Promise<z.infer<typeof statusSchema>> {
  const { db } = api
  const now = api.now()
  const [blindness, open, counts, silences, deadMessages] = await Promise.all([
    listBlindness(db),
    listOpenAlerts(db, { limit: 100 }),
    countAlerts(db),
    listActiveSilences(db, now),
    listDeadMessages(db, { limit: 20 }),
  ])
  const chains = api.chains().map((chain) => ({
    ...chain,
    explorer: checkedExplorer(chain.explorer),
    providers: chain.providers.map((provider) => ({
      ...provider,
      since: new Date(provider.since),
      day: projectDay(provider, chain.id, now),
    })),
    sight: judgeChain(chain, blindness, now),
  }))
  const sightOf = new Map(chains.map(({ id, sight }) => [id, sight]))
  const monitors = api.monitors.map((monitor) => ({
    ...monitor,
    sight: judgeMonitor(monitor, sightOf.get(monitor.chainId), blindness),
  }))
  return {
    now,
    version: api.version,
    chains,
    monitors,
    open,
    counts,
    silences,
    deadMessages,
    attacks: api.demo ? api.demo.attacks.map(({ name, title, story }) => ({ name, title, story })) : null,
  }
}

/** Links lead to https only, whatever the config says. */
function checkedExplorer(explorer: string | null): string | null {
  if (explorer === null || !URL.canParse(explorer)) return null
  const { protocol, origin, pathname } = new URL(explorer)
  return protocol === 'https:' ? `${origin}${pathname}`.replace(/\/+$/, '') : null
}
