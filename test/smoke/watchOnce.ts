import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { count, eq } from 'drizzle-orm'
import { deliverMessages } from '../../src/alerts/deliverMessages.ts'
import { webhook } from '../../src/channels/webhook.ts'
import { createSleeper } from '../../src/lib/createSleeper.ts'
import { Secret } from '../../src/model/secret.ts'
import { openDatabase } from '../../src/store/openDatabase.ts'
import { messages } from '../../src/store/schema.ts'
import { raiseVerb, startWatch } from '../harness/watchScene.ts'
import { killScenes } from './killScene.ts'

/**
 * A process that watches a chain from a test node into a database and tells a webhook, until it has committed block
 * `--until` and nothing waits in the outbox. It is made to be killed, and started again.
 */
const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    rpc: { type: 'string', default: '' },
    webhook: { type: 'string', default: '' },
    until: { type: 'string', default: '' },
    scene: { type: 'string', default: '' },
  },
})
const { db, close } = await openDatabase({ dataDirectory: tmpdir(), url: values.database })
const options = webhook.options.parse({
  url: new Secret(values.webhook, 'env:WEBHOOK'),
  signingSecret: new Secret('0123456789abcdef0123456789abcdef', 'env:SECRET'),
  allowPrivateAddress: true,
})
const stopping = new AbortController()
const sleeper = createSleeper()
const delivering = deliverMessages(
  db,
  { name: 'ops', perMinute: 60_000, send: (message, signal) => webhook.send({ message, options, signal }) },
  { signal: stopping.signal, sleeper, onNote() {}, onTrouble: (error) => console.error(error) },
)
const { monitors, context } = killScenes[values.scene as keyof typeof killScenes]()
const watch = startWatch({ db, urls: [values.rpc], monitors, raise: raiseVerb(context) })
await watch.until(() => {
  sleeper.wake()
  return watch.status().cursor?.blockNumber === Number(values.until)
})
await watch.stop()
while ((await waiting()) > 0) await createSleeper().sleep(20, stopping.signal)
stopping.abort()
sleeper.wake()
await delivering
await close()

async function waiting(): Promise<number> {
  const [row] = await db.select({ count: count() }).from(messages).where(eq(messages.state, 'waiting'))
  return row?.count ?? 0
}
