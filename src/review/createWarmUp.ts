import type { Claim, Finding, Measured } from '../model/finding.ts'
import type { Monitor } from '../model/monitor.ts'
import { compareSeverity, type Severity } from '../model/severity.ts'
import { emptyPage, notePeak, type Page } from './pages.ts'

/** A finding with the alert that it joined, which is the same object as long as it is the same alert. */
type Joined = {
  item: { finding: Finding; claim?: Pick<Claim, 'measured' | 'severity'> }
  alert: { severity: Severity }
}

export type Looked = {
  block: { number: number; timestamp: number }
  joined: readonly Joined[]
  /** What has grown of what the last alert with this key is about, be it over or not. */
  grown: readonly { alertKey: string; measured: Measured }[]
  /** Names of the monitors that could not look; `*`: nobody could. */
  blind: ReadonlySet<string>
}

/** What one monitor would have raised. */
export type Raised = {
  monitor: Monitor
  findings: number
  alerts: number
  pages: number
  /** Blocks that it could not judge. */
  blind: number
  /** The first pages; the last of very many stands for all that came after it. */
  kept: Page[]
}

/** A stretch of the past. `seconds`: null where it is too short to tell. */
export type Stretch = { blocks: number; seconds: number | null; raised: Raised[] }

/** Pages of one monitor that are weighed one by one. What comes after them counts as one, so that its largest is not lost. */
const keptMax = 10_000

/** Pages of all monitors that may still grow; the oldest are let go. */
const growingMax = 20_000

/** Counts what monitors would have raised within a stretch of the past, alert by alert. */
export function createWarmUp(monitors: readonly Monitor[]) {
  const raised = new Map<string, Raised>()
  for (const monitor of monitors) {
    raised.set(monitor.name, { monitor, ...{ findings: 0, alerts: 0, pages: 0, blind: 0 }, kept: [] })
  }
  const known = new WeakSet<Joined['alert']>()
  const pages = new WeakMap<Joined['alert'], Page>()
  /** By the key of its alert. */
  const lastPages = new Map<string, Page>()
  let [blocks, first, last] = [0, 0, 0]

  function note({ item: { finding, claim }, alert }: Joined, blockNumber: number): void {
    const own = raised.get(finding.monitor)
    if (!own) return
    own.findings++
    if (!known.has(alert)) own.alerts++
    known.add(alert)
    if (compareSeverity(finding.severity, 'high') < 0) return
    const { id, title, transactionHash } = finding
    const example = { id, title, transactionHash, blockNumber }
    let page = pages.get(alert)
    if (!page) {
      own.pages++
      if (own.kept.length < keptMax) own.kept.push(emptyPage(example))
      page = own.kept.at(-1)!
      pages.set(alert, page)
      lastPages.set(finding.alertKey, page)
      if (lastPages.size > growingMax) lastPages.delete(lastPages.keys().next().value!)
    }
    if (claim?.measured) notePeak(page, claim.measured)
    else if (finding.evidence === 'hard') page.proof ??= example
    else page.hasSigns = true
    if (claim?.severity) page.isGraded = true
  }

  return {
    add({ block, joined, grown, blind }: Looked) {
      if (blocks++ === 0) first = block.timestamp
      last = block.timestamp
      for (const each of joined) note(each, block.number)
      for (const { alertKey, measured } of grown) {
        const page = lastPages.get(alertKey)
        if (page) notePeak(page, measured)
      }
      if (blind.size === 0) return
      for (const own of raised.values()) if (blind.has(own.monitor.name) || blind.has('*')) own.blind++
    },
    stretch(): Stretch {
      // The last block lasts as well, as long as the others on average.
      const seconds = blocks < 2 || last <= first ? null : ((last - first) * blocks) / (blocks - 1)
      return { blocks, seconds, raised: [...raised.values()] }
    },
  }
}
