import type { DatabaseInspection } from '../../store/inspectDatabase.ts'
import type { DescribedChain } from './describeChains.ts'
import type { DescribedConfig } from './describeConfig.ts'
import type { DescribedData } from './describeData.ts'

export type Found = {
  config: Pick<DescribedConfig, 'file' | 'problems'> | null
  data: DescribedData | null
  /** A text: why it cannot be looked at. */
  database: DatabaseInspection | string | null
  chains: readonly DescribedChain[]
  now: Date
}

/** What looks wrong, each in one sentence, what stops the watch first. */
export function findTroubles(found: Found): string[] {
  return [
    ...configTroubles(found),
    ...dataTroubles(found),
    ...databaseTroubles(found),
    ...found.chains.flatMap(chainTroubles),
    ...lagTroubles(found),
  ]
}

function configTroubles({ config }: Found): string[] {
  if (!config) return ['There is no config.']
  return config.problems.map((problem) => `${config.file}:${problem}`)
}

const freeBytesMin = 1024 ** 3
const freeShareMin = 0.05

function dataTroubles({ data }: Found): string[] {
  if (!data) return ['There is no data directory: Tocsin has never been started here.']
  if (data.freeBytes >= freeBytesMin && data.freeShare >= freeShareMin) return []
  return [`The disk of the data directory has only ${Math.round(data.freeBytes / 1024 ** 2)} MiB left.`]
}

const counted = (messages: number) => `${messages} ${messages === 1 ? 'message' : 'messages'}`

const waitingSecondsMax = 600

function databaseTroubles({ database, now }: Found): string[] {
  if (database === null) return ['There is no database yet.']
  if (typeof database === 'string') return [database]
  const { applied, pending, unknown } = database.migrations
  const dead = new Map(database.outbox.filter(({ state }) => state === 'dead').map((row) => [row.channel, row]))
  const waiting = database.outbox.filter(
    ({ state, oldest }) => state === 'waiting' && now.getTime() - Date.parse(oldest) > waitingSecondsMax * 1000,
  )
  return [
    ...(applied.length === 0 ? ['The database is empty: Tocsin has never been started with it.'] : []),
    ...(unknown.length > 0
      ? [`The database was written by another version: ${unknown.join(', ')} is not known here.`]
      : []),
    ...(applied.length > 0 && pending.length > 0
      ? [`The database is of an older version: ${pending.join(', ')} will be applied at the next start.`]
      : []),
    ...database.blindness.map(({ chainId, monitor, reason, since }) => {
      const who = monitor === '*' ? `Chain ${chainId}` : `The monitor ${monitor} on chain ${chainId}`
      return `${who} has been blind since ${since}: ${reason}`
    }),
    ...[...dead.values()].map(({ channel, messages }) => {
      const error = database.dead.find((message) => message.channel === channel)?.error
      return `Given up: ${counted(messages)} to ${channel}${error ? `; the last: ${error}` : '.'}`
    }),
    ...waiting.map(
      ({ channel, messages, oldest }) => `Waiting: ${counted(messages)} to ${channel}, the first since ${oldest}.`,
    ),
  ]
}

const aheadSecondsMax = 60

function chainTroubles({ name, id, providers, staleAfterSeconds }: DescribedChain): string[] {
  return providers.flatMap(({ host, state, lastError, secondsOld }, index) => {
    const who = `RPC ${index + 1} (${host}) of ${name}`
    if (state !== 'ok' || secondsOld === null)
      return [`${who} cannot be used: ${lastError ?? 'it tells no newest block'}`]
    if (secondsOld > staleAfterSeconds) return [`${who} stands still: its newest block is ${secondsOld} s old.`]
    if (secondsOld < -aheadSecondsMax) {
      return [`The newest block of ${name} (chain ${id}) is ${-secondsOld} s in the future: our clock is behind.`]
    }
    return []
  })
}

const lagBlocksMax = 100

function lagTroubles({ chains, database }: Found): string[] {
  if (database === null || typeof database === 'string') return []
  return chains.flatMap(({ name, id, providers }) => {
    const head = Math.max(...providers.map((provider) => provider.head ?? 0))
    const cursor = database.cursors.find(({ chainId, lane }) => chainId === id && lane === 'head')
    if (!cursor) return [`Nothing of ${name} has been watched yet.`]
    const lag = head - cursor.block
    if (lag <= lagBlocksMax) return []
    return [`${name} is ${lag} blocks behind, at block ${cursor.block} of ${cursor.at}: does Tocsin run?`]
  })
}
