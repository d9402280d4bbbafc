import type { Address, Hex } from '../../src/model/chain.ts'
import type { Message } from '../../src/model/message.ts'
import type { ChainStatus, MonitorStatus } from '../../src/model/status.ts'
import type { Connection } from '../../src/store/database.ts'
import { alerts, findings, messages, sightings } from '../../src/store/schema.ts'

type NewAlert = typeof alerts.$inferInsert

export const vault: Address = '0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a'
export const treasury: Address = '0x9008d19f58aabd9ed0d60971565aa8510560ab41'
export const feed: Address = '0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419'
export const thief: Address = '0xb66cd966670d962c227b3eaba30a872dbfb995db'
export const transactionHash: Hex = `0x${'c4'.repeat(16)}${'9e'.repeat(16)}`
const blockHash: Hex = `0x${'11'.repeat(32)}`

/** A chain that does well, as of `now`. */
export function sampleChain(now: Date, changed: Partial<ChainStatus> = {}): ChainStatus {
  return {
    name: 'mainnet',
    id: 1,
    head: 23_456_789,
    finalized: 23_456_720,
    cursor: 23_456_789,
    cursorTimestamp: Math.floor(now.getTime() / 1000) - 8,
    lag: 0,
    headLane: null,
    blind: null,
    providers: [
      {
        host: 'rpc.acme.example',
        state: 'ok',
        head: 23_456_789,
        since: new Date(now.getTime() - 6 * 3_600_000).toISOString(),
        requests: 48_210,
        calls: { eth_chainId: 1, eth_getBlockByNumber: 5_400, eth_getBlockReceipts: 310, eth_call: 91_800 },
        errors: 3,
        latencyMs: 84,
        lastError: null,
        untruths: 0,
        lastUntruth: null,
      },
      {
        host: 'eth-mainnet.g.alchemy.com',
        state: 'ok',
        head: 23_456_788,
        since: new Date(now.getTime() - 6 * 3_600_000).toISOString(),
        requests: 46_902,
        calls: { eth_chainId: 1, eth_getBlockByNumber: 5_210, eth_getBlockReceipts: 302, eth_call: 88_420 },
        errors: 41,
        latencyMs: 131,
        lastError: null,
        untruths: 0,
        lastUntruth: null,
      },
    ],
    verified: { header: true, transactions: true, receipts: true },
    explorer: 'https://etherscan.io',
    ...changed,
  }
}

export const sampleMonitors: MonitorStatus[] = [
  monitor('drain', 'outflow-cap', 'Too much leaves', [{ name: 'vault', address: vault }], 'critical'),
  monitor('big-withdrawal', 'expression', 'A rule of your own', [{ name: 'vault', address: vault }], 'high', {
    rule: 'event Withdraw if assets > 1_000_000e6 and receiver != $treasury',
  }),
  monitor('price', 'stale-feed', 'A price stands still', [{ name: 'ethUsd', address: feed }], 'high'),
  monitor('owners', 'owner-change', 'Who may do what changes', [
    { name: 'vault', address: vault },
    { name: 'treasury', address: treasury },
  ]),
  monitor('odd-calls', 'new-caller', 'A caller never seen before', [{ name: 'vault', address: vault }], 'low', {
    mode: 'shadow',
  }),
]

function monitor(
  name: string,
  detector: string,
  title: string,
  on: MonitorStatus['on'],
  severity: MonitorStatus['severity'] = 'medium',
  changed: Partial<MonitorStatus> = {},
): MonitorStatus {
  return { name, detector, title, chainId: 1, on, severity, mode: 'active', rule: null, ...changed }
}

/** Writes an alert with one finding, seen in one block. What is left out says that it fires at the head. */
export async function insertAlert(
  db: Connection,
  { id, at, ...changed }: { id: string; at: Date } & Partial<NewAlert>,
  facts: typeof findings.$inferInsert.facts = {},
): Promise<void> {
  const alert: NewAlert = {
    id,
    key: `key ${id}`,
    monitor: 'drain',
    detector: 'outflow-cap',
    chainId: 1,
    address: vault,
    severity: 'critical',
    title: 'A quarter of all USDC left the vault in one transaction',
    state: 'firing',
    stage: 'provisional',
    findings: 1,
    firstSeenAt: at,
    lastSeenAt: at,
    blockNumber: 23_456_789,
    transactionHash,
    ...changed,
  }
  const { monitor, detector, chainId, address, severity, title } = alert
  await db.insert(alerts).values(alert)
  await db.insert(findings).values({
    id: `finding ${id}`,
    alertId: id,
    monitor,
    detector,
    chainId,
    severity,
    confidence: 'high',
    evidence: 'hard',
    title,
    address,
    transactionHash: alert.transactionHash ?? null,
    facts,
    createdAt: at,
  })
  await db.insert(sightings).values({
    findingId: `finding ${id}`,
    blockHash,
    chainId,
    blockNumber: alert.blockNumber ?? 0,
    timestamp: Math.floor(at.getTime() / 1000),
    logIndex: 212,
    canonical: alert.stage !== 'retracted',
  })
}

/** Writes a message of an alert into the outbox. */
export async function insertMessage(
  db: Connection,
  { id, at, ...changed }: { id: string; at: Date } & Partial<typeof messages.$inferInsert>,
): Promise<void> {
  const content: Message = {
    id,
    kind: 'firing',
    severity: 'critical',
    title: 'Critical: a quarter of all USDC left the vault',
    sentences: [],
    advice: 'Pause the vault, then ask its signers on a second channel.',
    facts: [],
    links: [],
    at: at.toISOString(),
  }
  await db.insert(messages).values({
    id,
    channel: 'ops',
    alertId: null,
    kind: 'firing',
    content,
    state: 'sent',
    attempts: 1,
    dueAt: at,
    createdAt: at,
    sentAt: changed.state === undefined || changed.state === 'sent' ? at : null,
    ...changed,
  })
}
