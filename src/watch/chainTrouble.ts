import { KnownError } from '../model/error.ts'
import { endBlindness, noteBlindness, wholeChain } from '../store/blindness.ts'
import type { Database } from '../store/database.ts'
import { notify } from '../store/notify.ts'
import type { RaiseVerb } from './commitBlock.ts'
import { selfAlertKey, selfFinding } from './selfFinding.ts'

/** Why a whole chain cannot be watched, and since when; people are told after a while, and again when it is over. */
export type ChainTrouble = {
  /** Notes what went wrong. Never throws: the database may be what is wrong. */
  note(error: unknown): Promise<void>
  /** Notes that the chain is seen. */
  over(): Promise<void>
  since(): { since: Date; reason: string } | null
}

const trouble = 'the chain cannot be seen'

export function createChainTrouble(
  chain: { id: number; name: string; blindAfterMs: number },
  { db, raise, clock }: { db: Database; raise: RaiseVerb; clock(): Date },
): ChainTrouble {
  let episode: { since: Date; reason: string; told: boolean } | null = null
  /** A process before us may have left its trouble in the database. */
  let clean = false

  async function write(now: Date, { since, reason, told }: NonNullable<typeof episode>): Promise<boolean> {
    const tell = !told && now.getTime() - since.getTime() >= chain.blindAfterMs
    await db.transaction(async (tx) => {
      await noteBlindness(tx, { chainId: chain.id, monitor: wholeChain, reason, at: now, block: null })
      const finding = selfFinding({
        chainId: chain.id,
        trouble,
        episode: since.toISOString(),
        title: `${chain.name} cannot be watched since ${since.toISOString()}: ${reason}`,
        severity: 'critical',
        facts: { chain: chain.name, reason },
      })
      if (tell) await raise(tx, { sighted: [{ finding, sighting: null }], cleared: [], at: now, now })
      await notify(tx, { kind: 'chain', id: String(chain.id) })
    })
    return tell
  }

  return {
    async note(error) {
      const now = clock()
      const reason = error instanceof KnownError ? error.message : `an unexpected error: ${String(error).slice(0, 300)}`
      episode = { since: episode?.since ?? now, reason, told: episode?.told ?? false }
      clean = false
      try {
        if (await write(now, episode)) episode.told = true
      } catch {
        // The database is what is wrong, or is wrong too: it is tried again with the next trouble, which comes soon.
      }
    },
    async over() {
      if (clean) return
      await db.transaction(async (tx) => {
        const now = clock()
        await endBlindness(tx, chain.id, wholeChain)
        await raise(tx, { sighted: [], cleared: [selfAlertKey(chain.id, trouble)], at: now, now })
        await notify(tx, { kind: 'chain', id: String(chain.id) })
      })
      episode = null
      clean = true
    },
    since: () => episode,
  }
}
