import { statfs } from 'node:fs/promises'
import { createSleeper } from '../lib/createSleeper.ts'
import type { Severity } from '../model/severity.ts'
import type { Database } from '../store/database.ts'
import type { RaiseVerb } from '../watch/commitBlock.ts'
import { selfAlertKey, selfFinding } from '../watch/selfFinding.ts'
import type { Logger } from './createLogger.ts'

const everyMs = 30_000
const diskFreeMin = 0.05
const diskBytesMin = 1024 ** 3
/** A machine whose time is kept by NTP is off by milliseconds. */
const clockJumpMsMax = 30_000
const clockAheadSecondsMax = 60

type Trouble = { trouble: string; title: string; severity: Severity }

/** Looks at what we stand on (disk, clock), tells when something is wrong with it, and again when it is right. */
export async function checkOurselves(
  about: { chainId: number; dataDirectory: string; newestBlock(): { timestamp: number; chain: string } | null },
  { db, raise, logger, signal }: { db: Database; raise: RaiseVerb; logger: Logger; signal: AbortSignal },
): Promise<void> {
  const sleeper = createSleeper()
  const since = new Map<string, Date>()
  let clockOffset = Date.now() - performance.now()
  while (!signal.aborted) {
    const now = new Date()
    const jumpMs = Date.now() - performance.now() - clockOffset
    clockOffset += jumpMs
    let troubles: Trouble[] = []
    try {
      const found = [await diskTrouble(about.dataDirectory), clockTrouble(jumpMs, about.newestBlock())]
      troubles = found.filter((trouble) => trouble !== null)
      for (const { trouble } of troubles) since.set(trouble, since.get(trouble) ?? now)
      const over = [...since.keys()].filter((trouble) => !troubles.some((still) => still.trouble === trouble))
      const sighted = troubles.map((found) => ({
        finding: selfFinding({ chainId: about.chainId, episode: since.get(found.trouble)!.toISOString(), ...found }),
        sighting: null,
      }))
      const cleared = over.map((trouble) => selfAlertKey(about.chainId, trouble))
      if (sighted.length + cleared.length > 0) {
        await db.transaction((tx) => raise(tx, { sighted, cleared, at: now, now }))
      }
      for (const trouble of over) since.delete(trouble)
    } catch (error) {
      for (const { title } of troubles) logger.error(title)
      logger.error({ error }, 'What is wrong with this machine could not be stored.')
    }
    await sleeper.sleep(everyMs, signal)
  }
}

async function diskTrouble(directory: string): Promise<Trouble | null> {
  const { bavail, blocks, bsize } = await statfs(directory)
  const free = bavail * bsize
  if (free >= diskBytesMin && bavail / blocks >= diskFreeMin) return null
  const left = `${Math.round(free / 1024 ** 2)} MiB (${((100 * bavail) / blocks).toFixed(1)} %)`
  return {
    trouble: 'the disk is nearly full',
    title: `The disk of the data directory has only ${left} left: when it is full nothing is watched any more`,
    severity: 'high',
  }
}

function clockTrouble(jumpMs: number, newest: { timestamp: number; chain: string } | null): Trouble | null {
  const trouble = 'the clock is wrong'
  if (Math.abs(jumpMs) > clockJumpMsMax) {
    return { trouble, title: `The clock of this machine jumped by ${Math.round(jumpMs / 1000)} s`, severity: 'medium' }
  }
  const aheadSeconds = newest ? newest.timestamp - Date.now() / 1000 : 0
  if (!newest || aheadSeconds <= clockAheadSecondsMax) return null
  const title = `The newest block of ${newest.chain} is ${Math.round(aheadSeconds)} s in the future: the clock of this machine is behind`
  return { trouble, title, severity: 'medium' }
}
