import { plainText } from '../lib/plainText.ts'
import { KnownError } from '../model/error.ts'
import { endBlindness, findBlindSince, noteBlindness, wholeChain } from '../store/blindness.ts'
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

type Episode = { since: Date; reason: string; told: boolean }

const trouble = 'the chain cannot be seen'
const reasonMax = 500

export function createChainTrouble(
  chain: { id: number; name: string; blindAfterMs: number },
  { db, raise, clock }: { db: Database; raise: RaiseVerb; clock(): Date },
): ChainTrouble {
  let episode: Episode | null = null
  /** A process before us may have left its trouble in the database. */
  let clean = false

  /** Stores the trouble, and tells of it once it has lasted. The database knows since when, if we were restarted. */
  async function write(now: Date, { since: firstNoted, reason, told: wasTold }: Episode): Promise<Episode> {
    return db.transaction(async (tx) => {
      const reasons = new Map([[wholeChain, reason]])
      await noteBlindness(tx, { chainId: chain.id, reasons, at: now, block: null, since: firstNoted })
      const since = (await findBlindSince(tx, chain.id, wholeChain)) ?? firstNoted
      const isDue = now.getTime() - since.getTime() >= chain.blindAfterMs
      const finding = selfFinding({
        chainId: chain.id,
        trouble,
        episode: since.toISOString(),
        title: `${chain.name} cannot be watched since ${since.toISOString()}: ${reason}`,
        severity: 'critical',
        facts: { chain: chain.name, reason },
      })
      if (isDue && !wasTold) {
        await raise(tx, { sighted: [{ finding, sighting: null }], cleared: [], at: now, now })
      }
      await notify(tx, { kind: 'chain', id: String(chain.id) })
      return { since, reason, told: isDue }
    })
  }

  return {
    async note(error) {
      const now = clock()
      const words = error instanceof KnownError ? error.message : `an unexpected error: ${String(error)}`
      const reason = plainText(words, reasonMax)
      episode = { since: episode?.since ?? now, reason, told: episode?.told ?? false }
      clean = false
      try {
        episode = await write(now, episode)
      } catch {
        // The database is what is wrong, or is wrong too: it is tried again with the next trouble, which comes soon.
      }
    },
    async over() {
      if (clean) return
      await db.transaction(async (tx) => {
        const now = clock()
        await endBlindness(tx, chain.id, [wholeChain])
        await raise(tx, { sighted: [], cleared: [selfAlertKey(chain.id, trouble)], at: now, now })
        await notify(tx, { kind: 'chain', id: String(chain.id) })
      })
      episode = null
      clean = true
    },
    since: () => episode,
  }
}
