import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { acknowledgeAlert } from '../alerts/acknowledgeAlert.ts'
import { createSilence } from '../alerts/createSilence.ts'
import { deliverMessages } from '../alerts/deliverMessages.ts'
import { endSilence } from '../alerts/endSilence.ts'
import { raise } from '../alerts/raise.ts'
import { resolveAlert } from '../alerts/resolveAlert.ts'
import { retryMessage } from '../alerts/retryMessage.ts'
import { createAccess } from '../api/access.ts'
import type { Demo } from '../api/apiDependencies.ts'
import { createApi } from '../api/createApi.ts'
import { serveConsole } from '../api/serveConsole.ts'
import type { Config } from '../config/config.ts'
import { createSleeper } from '../lib/createSleeper.ts'
import { wholeChain } from '../store/blindness.ts'
import { type Changes, listenForChanges } from '../store/console/listenForChanges.ts'
import { countOutbox } from '../store/countOutbox.ts'
import { dropUnnamed } from '../store/dropUnnamed.ts'
import { explainQueryError } from '../store/explainQueryError.ts'
import type { OpenDatabase } from '../store/openDatabase.ts'
import type { RaiseVerb } from '../watch/commitBlock.ts'
import { selfMonitor } from '../watch/selfFinding.ts'
import { alertContextOf } from './alertContextOf.ts'
import { createDeadMessageWatch } from './createDeadMessageWatch.ts'
import type { Logger } from './createLogger.ts'
import { createMetrics, type Metrics } from './createMetrics.ts'
import { createWatchLog } from './createWatchLog.ts'
import { keepHouse } from './keepHouse.ts'
import { outletsOf } from './outletsOf.ts'
import { plugIns } from './plugIns.ts'
import { type ChainsWatch, watchChains } from './watchChains.ts'

export type App = {
  /** Of the console. */
  url: string
  /** A link that signs one person in. */
  signInLink(): string
  /** Resolves with the error when a part ended that must not end: then nobody watches, and the process should end too. */
  failed: Promise<unknown>
  /** Commits the block under way, ends the sends under way, closes the console. The database stays open. */
  stop(): Promise<void>
}

type Parts = { config: Config; database: OpenDatabase; dataDirectory: string; logger: Logger; demo?: Demo }

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }
const webRoot = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Wires everything: chains to monitors, findings to alerts, alerts to channels, all of it to the console. */
export async function startApp(parts: Parts): Promise<App> {
  const { config, database, logger } = parts
  const stopping = new AbortController()
  const { signal } = stopping
  const context = alertContextOf(config, `http://localhost:${config.console.port}`)
  const raiseHere: RaiseVerb = (tx, raised) => raise(tx, context, raised)
  const named = {
    // Those that are switched off as well: what they remember and what they raised belong together.
    monitors: [...config.shown.map(({ name }) => name), selfMonitor, wholeChain],
    chains: config.chains.map(({ id }) => id),
    channels: config.channels.map(({ name }) => name),
  }
  await dropUnnamed(database.db, named, new Date())
  const changes = await listenForChanges({ connectionString: database.url })
  const metrics = createMetrics({ chains: () => chains.status(), outbox: () => countOutbox(database.db) })
  const chains = watchChains(config, {
    db: database.db,
    raise: raiseHere,
    signal,
    onNote(chain) {
      const write = createWatchLog(logger, chain)
      return (note) => {
        metrics.noteWatch(chain, note)
        write(note)
      }
    },
  })
  const work = [
    chains.done,
    ...deliver(parts, { signal, changes, metrics, raise: raiseHere }),
    ...keepHouse({ ...parts, db: database.db, context, chains: chains.status, raise: raiseHere, signal }),
  ]
  const end = async () => {
    stopping.abort()
    await Promise.allSettled(work)
    await changes.close()
  }
  try {
    const { served, access } = await openConsole(parts, { context, chains, changes, metrics })
    return {
      url: served.url,
      failed: firstFailure(work),
      signInLink: () => `${served.url}/#token=${access.mint()}`,
      async stop() {
        await served.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** Resolves with the error of the part that fails first; never where all end well. */
function firstFailure(work: readonly Promise<void>[]): Promise<unknown> {
  return new Promise((resolve) => {
    for (const part of work) part.catch(resolve)
  })
}

/** One worker per channel, woken by every change of an alert. */
function deliver(
  { config, database, logger }: Parts,
  { signal, changes, metrics, raise }: { signal: AbortSignal; changes: Changes; metrics: Metrics; raise: RaiseVerb },
): Promise<void>[] {
  const watchDead = createDeadMessageWatch({ chainId: config.chains[0]!.id }, { db: database.db, raise })
  const complain = (error: unknown) => logger.error({ error: explainQueryError(error) }, 'The outbox cannot be read.')
  return outletsOf(config).map((outlet) => {
    const sleeper = createSleeper()
    changes.subscribe(({ kind }) => {
      if (kind !== 'chain') sleeper.wake()
    })
    return deliverMessages(database.db, outlet, {
      signal,
      sleeper,
      onNote(note) {
        metrics.noteDelivery(note)
        watchDead(note).catch(complain)
        if (note.result === 'dead')
          logger.error(`A message to ${note.channel} was given up after ${note.attempts} attempts: ${note.error}`)
        if (note.result === 'put off') logger.warn(`A message to ${note.channel} is tried again later: ${note.error}`)
      },
      onTrouble: complain,
    })
  })
}

async function openConsole(
  { config, database, logger, demo }: Parts,
  {
    context,
    chains,
    changes,
    metrics,
  }: { context: ReturnType<typeof alertContextOf>; chains: ChainsWatch; changes: Changes; metrics: Metrics },
) {
  const { db } = database
  const now = () => new Date()
  const access = createAccess()
  const served = await serveConsole(config.console.port, (allowedHosts) =>
    createApi({
      db,
      chains: chains.status,
      monitors: config.shown,
      manuals: plugIns.detectors,
      subscribe: changes.subscribe,
      verbs: {
        acknowledgeAlert: (input) => acknowledgeAlert(db, context, { ...input, now: now() }),
        resolveAlert: (input) => resolveAlert(db, context, { ...input, now: now() }),
        createSilence: (input) => createSilence(db, { ...input, now: now() }),
        endSilence: (input) => endSilence(db, { ...input, now: now() }),
        retryMessage: (input) => retryMessage(db, { ...input, now: now() }),
      },
      ...(demo ? { demo } : {}),
      access,
      allowedHosts,
      version,
      metrics: metrics.text,
      webRoot,
      now,
      reportBug: (error) => logger.error({ error }, 'The console failed to answer.'),
    }),
  )
  return { served, access }
}
