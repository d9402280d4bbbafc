import type { AlertContext } from '../../src/alerts/alertContext.ts'
import { raise } from '../../src/alerts/raise.ts'
import { hash } from '../../src/lib/hash.ts'
import type { Address, Hex } from '../../src/model/chain.ts'
import type { Finding, Json } from '../../src/model/finding.ts'
import type { Severity } from '../../src/model/severity.ts'
import { reopenCleared } from '../../src/store/alerts.ts'
import type { Connection, Database } from '../../src/store/database.ts'
import { orphanSightings } from '../../src/store/findings.ts'
import { alerts, findings, messages, sightings } from '../../src/store/schema.ts'

export const vault: Address = '0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a'
export const treasury: Address = '0x9008d19f58aabd9ed0d60971565aa8510560ab41'
const names = new Map([
  [vault, 'vault'],
  [treasury, 'treasury'],
])

const genesis = Date.UTC(2026, 7, 1, 12) / 1000
const secondsPerBlock = 12

/** Time of a block of the scene's chain. */
export const timeOf = (block: number) => new Date((genesis + block * secondsPerBlock) * 1000)

/** A config with one chain, `drain` (critical), `big` (high) and `quiet` (shadow), and everything told to `ops`. */
export function sampleContext(changed: Partial<AlertContext> = {}): AlertContext {
  return {
    chains: new Map([[1, { name: 'mainnet', explorer: 'https://etherscan.io', confirmations: 2 }]]),
    nameOf: (_chainId, address) => names.get(address),
    monitors: new Map([
      ['drain', { mode: 'active', resolveAfterSeconds: 600 }],
      ['big', { mode: 'active', resolveAfterSeconds: 600 }],
      ['patient', { mode: 'active', resolveAfterSeconds: null }],
      ['quiet', { mode: 'shadow', resolveAfterSeconds: 600 }],
    ]),
    adviceOf: () => 'Pause the vault.',
    routes: [{ match: {}, notify: ['ops'] }],
    inhibitions: [],
    updateEverySeconds: 60,
    consoleUrl: 'http://localhost:8080',
    ...changed,
  }
}

export type SomeFinding = {
  key: string
  monitor?: string
  severity?: Severity
  address?: Address
  group?: string
  title?: string
  facts?: Record<string, Json>
  transactionHash?: Hex | null
}

export function finding({ key, monitor = 'big', address = vault, group = address, ...rest }: SomeFinding): Finding {
  return {
    id: hash('finding', monitor, 1, key),
    monitor,
    detector: 'expression',
    chainId: 1,
    severity: rest.severity ?? 'high',
    confidence: 'medium',
    evidence: 'soft',
    title: rest.title ?? `${key} happened`,
    address,
    transactionHash: rest.transactionHash === undefined ? `0x${hash(key)}` : rest.transactionHash,
    facts: rest.facts ?? { key },
    alertKey: hash('alert', monitor, 1, group),
  }
}

export const keyOf = (some: SomeFinding) => finding(some).alertKey

export type SceneBlock = { finds?: SomeFinding[]; clears?: SomeFinding[]; fork?: string; finalized?: number }

/** Lets a block pass in a transaction, as the loop commits it. `fork` tells two blocks of one height apart. */
export async function passBlock(
  tx: Connection,
  context: AlertContext,
  number: number,
  { finds = [], clears = [], fork = '', finalized = 0 }: SceneBlock = {},
): Promise<void> {
  const at = timeOf(number)
  const sighted = finds.map((some, logIndex) => {
    const made = finding(some)
    const blockHash: Hex = `0x${hash('block', number, fork)}`
    const timestamp = at.getTime() / 1000
    return {
      finding: made,
      sighting: { findingId: made.id, chainId: 1, blockNumber: number, blockHash, timestamp, logIndex },
    }
  })
  const progress = { chainId: 1, blockNumber: number, finalized }
  await raise(tx, context, { sighted, cleared: clears.map(keyOf), at, now: at, progress })
}

/** One chain in front of the alerts. */
export function alertScene(db: Database, context: AlertContext = sampleContext()) {
  return {
    context,
    pass: (number: number, block?: SceneBlock) => db.transaction((tx) => passBlock(tx, context, number, block)),
    /** Empty blocks, the last one included. */
    async passTo(from: number, to: number, block?: SceneBlock) {
      for (let number = from; number <= to; number++) await this.pass(number, block)
    },
    orphan: (tx: Connection, number: number) => orphanSightings(tx, 1, number),
    async rewindTo(number: number) {
      await orphanSightings(db, 1, number)
      await reopenCleared(db, 1, timeOf(number))
    },
    alerts: () => db.select().from(alerts).orderBy(alerts.firstSeenAt, alerts.id),
    async alert() {
      const [alert, ...others] = await this.alerts()
      if (!alert || others.length > 0) throw new Error(`there are ${others.length + (alert ? 1 : 0)} alerts`)
      return alert
    },
    findings: () => db.select().from(findings).orderBy(findings.createdAt, findings.id),
    sightings: () =>
      db.select().from(sightings).orderBy(sightings.blockNumber, sightings.findingId, sightings.blockHash),
    messages: () => db.select().from(messages).orderBy(messages.dueAt, messages.turn, messages.id),
    /** What people were told, in short: `channel kind: title`. */
    async told() {
      return (await this.messages()).map(({ channel, content }) => `${channel} ${content.kind}: ${content.title}`)
    },
  }
}
