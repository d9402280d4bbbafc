import { asc, eq, sql } from 'drizzle-orm'
import { toEventSelector } from 'viem'
import type { AlertContext } from '../../src/alerts/alertContext.ts'
import { raise } from '../../src/alerts/raise.ts'
import type { ChainClient } from '../../src/evm/rpc/chainClient.ts'
import { createSleeper } from '../../src/lib/createSleeper.ts'
import type { Log } from '../../src/model/chain.ts'
import type { Detection, Memory, Watch } from '../../src/model/detector.ts'
import type { Claim, Json } from '../../src/model/finding.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import type { Database } from '../../src/store/database.ts'
import { blocks, findings, memory, memoryUndo, sightings } from '../../src/store/schema.ts'
import type { RaiseVerb } from '../../src/watch/commitBlock.ts'
import { createChainWatch } from '../../src/watch/watchChain.ts'
import type { WatchedChain, WatchNote } from '../../src/watch/watchedChain.ts'
import { account, event, type SomeTransaction, tx } from './node/block.ts'
import { openHastyClient } from './openTestClient.ts'

export const vault = account(0x7a)
const canaryText = 'event Canary(uint256 indexed number, uint256 amount)'
export const canaryTopic = toEventSelector(canaryText)

/** A transaction in which a canary sings once. */
export const canary = (number: number, amount = 1n): SomeTransaction =>
  tx({ to: vault, logs: [event(canaryText, vault, { number: BigInt(number), amount })] })

export const monitor = (name: string, watch: Watch, rest: Partial<Monitor> = {}): Monitor => ({
  name,
  detector: 'test',
  chainId: 1,
  severity: 'high',
  mode: 'active',
  on: ['vault'],
  resolveAfterSeconds: null,
  watch,
  ...rest,
})

export const claimOf = ({ transactionHash, logIndex, position, address }: Log, rest: Partial<Claim> = {}): Claim => ({
  key: `log ${position}`,
  transactionHash,
  logIndex,
  address,
  title: 'A canary sang',
  facts: {},
  evidence: 'hard',
  ...rest,
})

/**
 * Tells of every canary, and remembers as detectors do: a sum as text, a growing and shrinking list, a number that is
 * forgotten now and then, and one key that is in most blocks left alone.
 */
export const canaries: Watch = {
  interests: [{ kind: 'log', addresses: [vault], topics: [canaryTopic] }],
  detect({ logs }, remembered: Memory): Detection {
    const claims: Claim[] = []
    let sum = BigInt((remembered.get('sum') as string | undefined) ?? '0')
    let last = (remembered.get('last') as string[] | undefined) ?? []
    const changed: Record<string, Json> = {}
    for (const log of logs) {
      const [number, amount] = [BigInt(log.topics[1]!), BigInt(log.data)]
      sum += amount
      last = [...last, String(number)].slice(-5)
      if (number % 3n === 0n) changed.third = remembered.get('third') === undefined ? Number(number) : null
      changed[`seen ${number % 7n}`] = { number: String(number), sum: String(sum) }
      claims.push(claimOf(log, { facts: { number: String(number), sum: String(sum) }, group: `tens ${number / 10n}` }))
    }
    return { claims, memory: { ...changed, sum: String(sum), last } }
  },
}

export const quietContext: AlertContext = {
  chains: new Map([[1, { name: 'testnet', explorer: null, confirmations: 2 }]]),
  nameOf: () => 'vault',
  monitors: new Map(),
  adviceOf: () => 'Look.',
  routes: [{ match: {}, notify: ['ops'] }],
  inhibitions: [],
  updateEverySeconds: 60,
  consoleUrl: 'http://localhost:8080',
}

/** What becomes of what the watch tells, as the app has it. */
export const raiseVerb =
  (context: AlertContext = quietContext): RaiseVerb =>
  (tx, raised) =>
    raise(tx, context, raised)

export type TestWatch = {
  notes: WatchNote[]
  status: ReturnType<typeof createChainWatch>['status']
  providers: ChainClient['providers']
  verified: ChainClient['verifier']['status']
  wake(): void
  /** Resolves when it is so; asked after every note. */
  until(isSo: () => boolean): Promise<void>
  /** Resolves when this block is committed and the cursor stands on it. */
  reach(block: { number: number; hash: string }): Promise<void>
  stop(): Promise<void>
}

type Options = {
  db: Database
  urls: readonly string[]
  monitors: readonly Monitor[]
  chain?: Partial<WatchedChain>
  raise?: RaiseVerb
  clock?: () => Date
  /** How long a provider may be silent. */
  timeoutMs?: number
}

/** The real loop over chain 1, at work. */
export function startWatch({
  db,
  urls,
  monitors,
  chain = {},
  raise = raiseVerb(),
  clock,
  ...rest
}: Options): TestWatch {
  const stopping = new AbortController()
  const sleeper = createSleeper()
  const client = openHastyClient(urls, rest.timeoutMs ?? 1000, chain.id)
  const notes: WatchNote[] = []
  const listeners = new Set<() => void>()
  const settings = {
    startAt: 1,
    lookBack: 0,
    pollMs: 5,
    blindAfterMs: 60_000,
    staleAfterMs: 60_000,
    ahead: 8,
    finalityDepth: 64,
    quorum: 1,
  }
  const watch = createChainWatch(
    { id: 1, name: 'testnet', ...settings, ...chain },
    {
      db,
      client,
      monitors,
      raise,
      sleeper,
      clock: clock ?? (() => new Date()),
      onNote(note) {
        notes.push(note)
        for (const listener of listeners) listener()
      },
    },
  )
  const done = watch.run(stopping.signal)
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  return {
    notes,
    status: watch.status,
    providers: client.providers,
    verified: client.verifier.status,
    wake: () => sleeper.wake(),
    until,
    reach: ({ hash }) => until(() => watch.status().cursor?.blockHash === hash),
    async stop() {
      stopping.abort()
      await done
      client.close()
    },
  }
}

/** All that rests on the chain as it now is: the same for two databases that saw the same chain end. */
export async function standing(db: Database) {
  return {
    memory: await db.select().from(memory).orderBy(asc(memory.monitor), asc(memory.key)),
    undo: await db
      .select()
      .from(memoryUndo)
      .orderBy(asc(memoryUndo.blockNumber), asc(memoryUndo.monitor), asc(memoryUndo.key)),
    blocks: await db.select().from(blocks).orderBy(asc(blocks.number)),
    findings: await db
      .select({
        id: findings.id,
        monitor: findings.monitor,
        transactionHash: findings.transactionHash,
        blockNumber: sightings.blockNumber,
        blockHash: sightings.blockHash,
        logIndex: sightings.logIndex,
      })
      .from(findings)
      .innerJoin(sightings, eq(sightings.findingId, findings.id))
      .where(eq(sightings.canonical, true))
      .orderBy(asc(sightings.blockNumber), asc(findings.id)),
  }
}

/** The canaries that were found on the chain as it now is, by their number. */
export async function canariesFound(db: Database): Promise<number[]> {
  const rows = await db
    .select({ number: sql<string>`${findings.facts} ->> 'number'` })
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(eq(sightings.canonical, true))
    .orderBy(asc(sightings.blockNumber))
  return rows.map(({ number }) => Number(number))
}
