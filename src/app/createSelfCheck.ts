import { statfs } from 'node:fs/promises'
import type { Severity } from '../model/severity.ts'
import type { Database } from '../store/database.ts'
import type { RaiseVerb } from '../watch/commitBlock.ts'
import { selfAlertKey, selfFinding } from '../watch/selfFinding.ts'

const diskFreeMin = 0.05
const diskBytesMin = 1024 ** 3
/** A machine whose time is kept by NTP is off by milliseconds. */
const clockJumpMsMax = 30_000
const clockAheadSecondsMax = 60

type Trouble = { trouble: string; title: string; severity: Severity }
type NewestBlock = { timestamp: number; chain: string }

/** What the look rests on. `space` is of the disk in bytes; `clockMs` is the wall clock, `steadyMs` one that never jumps. */
export type Ground = {
  space(): Promise<{ free: number; total: number }>
  clockMs(): number
  steadyMs(): number
  newestBlock(): NewestBlock | null
}

/** The ground on which this process stands. */
export function groundOf(dataDirectory: string, newestBlock: () => NewestBlock | null): Ground {
  return {
    async space() {
      const { bavail, blocks, bsize } = await statfs(dataDirectory)
      return { free: bavail * bsize, total: blocks * bsize }
    },
    clockMs: Date.now,
    steadyMs: () => performance.now(),
    newestBlock,
  }
}

/**
 * Makes a look at what we stand on, disk and clock: each call tells of what is wrong, and when it is right again.
 * @param chainId Of the chain under which it is told; it is about none.
 */
export function createSelfCheck(
  { chainId, ground }: { chainId: number; ground: Ground },
  { db, raise }: { db: Database; raise: RaiseVerb },
): () => Promise<void> {
  const since = new Map<string, Date>()
  let clockOffset = ground.clockMs() - ground.steadyMs()

  return async () => {
    const now = new Date(ground.clockMs())
    const jumpMs = ground.clockMs() - ground.steadyMs() - clockOffset
    const found = [diskTrouble(await ground.space()), clockTrouble(jumpMs, ground)]
    const troubles = found.filter((trouble) => trouble !== null)
    const over = [...since.keys()].filter((known) => !troubles.some(({ trouble }) => trouble === known))
    const sighted = troubles.map((trouble) => {
      const episode = (since.get(trouble.trouble) ?? now).toISOString()
      return { finding: selfFinding({ chainId, episode, ...trouble }), sighting: null }
    })
    const cleared = over.map((trouble) => selfAlertKey(chainId, trouble))
    if (sighted.length + cleared.length > 0) {
      await db.transaction((tx) => raise(tx, { sighted, cleared, at: now, now }))
    }
    clockOffset += jumpMs
    for (const { trouble } of troubles) since.set(trouble, since.get(trouble) ?? now)
    for (const trouble of over) since.delete(trouble)
  }
}

function diskTrouble({ free, total }: { free: number; total: number }): Trouble | null {
  if (free >= diskBytesMin && free / total >= diskFreeMin) return null
  const left = `${Math.round(free / 1024 ** 2)} MiB (${((100 * free) / total).toFixed(1)} %)`
  return {
    trouble: 'the disk is nearly full',
    title: `The disk of the data directory has only ${left} left: when it is full, nothing is watched any more`,
    severity: 'high',
  }
}

function clockTrouble(jumpMs: number, ground: Ground): Trouble | null {
  const trouble = 'the clock is wrong'
  if (Math.abs(jumpMs) > clockJumpMsMax) {
    return { trouble, title: `The clock of this machine jumped by ${Math.round(jumpMs / 1000)} s`, severity: 'medium' }
  }
  const newest = ground.newestBlock()
  const aheadSeconds = newest ? newest.timestamp - ground.clockMs() / 1000 : 0
  if (!newest || aheadSeconds <= clockAheadSecondsMax) return null
  const title = `The newest block of ${newest.chain} is ${Math.round(aheadSeconds)} s in the future: the clock of this machine is behind`
  return { trouble, title, severity: 'medium' }
}
