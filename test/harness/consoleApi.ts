import { eq } from 'drizzle-orm'
import { retryMessage } from '../../src/alerts/retryMessage.ts'
import { type Access, createAccess } from '../../src/api/access.ts'
import type { ApiDependencies } from '../../src/api/apiDependencies.ts'
import { KnownError } from '../../src/model/error.ts'
import { listenForChanges } from '../../src/store/console/listenForChanges.ts'
import { notify } from '../../src/store/notify.ts'
import { alerts } from '../../src/store/schema.ts'
import { endSilenceAt, insertSilence } from '../../src/store/silences.ts'
import { sampleChain, sampleMonitors } from './consoleScene.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export type ConsoleScene = TestDatabase & {
  access: Access
  /** All that `createApi` needs but the hosts. */
  api: Omit<ApiDependencies, 'allowedHosts'>
  /** Names of the attacks that were set off. */
  attacked: string[]
  bugs: unknown[]
  end(): Promise<void>
}

/** What stands around the console, on a database of its own; the verbs are as simple as they can be. */
export async function createConsoleScene(changed: Partial<ApiDependencies> = {}): Promise<ConsoleScene> {
  const database = await createTestDatabase()
  const { db } = database
  const changes = await listenForChanges({ connectionString: database.url })
  const access = createAccess()
  const attacked: string[] = []
  const bugs: unknown[] = []
  const move = async (id: string, to: Partial<typeof alerts.$inferInsert>) => {
    const moved = await db.update(alerts).set(to).where(eq(alerts.id, id))
    if (moved.rowCount === 0) throw new KnownError('not_found', `There is no alert ${id}.`)
    await notify(db, { kind: 'alert', id })
  }
  return {
    ...database,
    access,
    attacked,
    bugs,
    api: {
      db,
      chains: () => [sampleChain(new Date())],
      monitors: sampleMonitors,
      manuals: new Map([
        [
          'outflow-cap',
          {
            title: 'Too much leaves',
            scenario: 'Whoever found a hole in a vault empties it within minutes.',
            signal: 'What leaves the account is added up over each of `windows`.',
            response: 'Pause the vault. Ask the signers on a second channel whether one of them knows of it.',
            knownLimits: ['A theft below the caps is not seen.'],
          },
        ],
      ]),
      subscribe: changes.subscribe,
      verbs: {
        acknowledgeAlert: ({ id, by }) =>
          move(id, { state: 'acknowledged', acknowledgedBy: by, acknowledgedAt: new Date() }),
        resolveAlert: ({ id, by, reason }) =>
          move(id, { state: 'resolved', resolvedAt: new Date(), resolvedBecause: `${by}: ${reason}` }),
        async createSilence(wanted) {
          const silence = { ...wanted, id: crypto.randomUUID(), createdAt: new Date() }
          await insertSilence(db, silence)
          await notify(db, { kind: 'silence', id: silence.id })
          return silence
        },
        endSilence: ({ id }) => endSilenceAt(db, id, new Date()),
        retryMessage: ({ id }) => retryMessage(db, { id, now: new Date() }),
      },
      access,
      version: '0.1.0',
      metrics: async () => 'tocsin_up 1\n',
      webRoot: 'web/dist',
      now: () => new Date(),
      reportBug: (error) => void bugs.push(error),
      ...changed,
    },
    async end() {
      await changes.close()
      await database.drop()
    },
  }
}
