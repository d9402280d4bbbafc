import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { asc, eq } from 'drizzle-orm'
import type { Database } from '../../src/store/database.ts'
import { alerts, blindness, cursors, messages, sightings } from '../../src/store/schema.ts'
import { createTestDatabase } from '../harness/database.ts'
import type { ServedBlock } from '../harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../harness/node/startNode.ts'
import { standing } from '../harness/watchScene.ts'
import { killScenes } from './killScene.ts'

const script = fileURLToPath(new URL('watchOnce.ts', import.meta.url))

export type KillRun = {
  kills: number
  /** Of these, kills before the process had committed anything of its own. */
  early: number
  blocks: number
  findings: number
  alerts: number
  messages: number
  /** More than `messages`: some were delivered again, as nobody knew whether they had been. */
  deliveries: number
  /** What must be empty. Names of what differs from the undisturbed run, and ids of messages. */
  different: string[]
  lost: string[]
  unknown: string[]
}

/** Runs over the same chain twice, once undisturbed and once killed so many times at random, and compares the ends. */
export async function killRun({
  scene,
  kills,
  blocks,
  seed,
}: {
  scene: keyof typeof killScenes
  kills: number
  blocks: number
  seed: number
}): Promise<KillRun> {
  const served = killScenes[scene]().chain(blocks)
  const calm = await runOver(served, { scene, kills: 0, random: Math.random })
  const killed = await runOver(served, { scene, kills, random: seededRandom(seed) })
  const different = Object.keys(calm.state).filter((part) => {
    const key = part as keyof typeof calm.state
    return JSON.stringify(calm.state[key]) !== JSON.stringify(killed.state[key])
  })
  const wanted = new Set(calm.state.messages.map(({ id }) => id))
  const got = new Set(killed.delivered)
  return {
    kills: killed.kills,
    early: killed.early,
    blocks,
    findings: calm.state.findings.length,
    alerts: calm.state.alerts.length,
    messages: wanted.size,
    deliveries: killed.delivered.length,
    different,
    lost: [...wanted].filter((id) => !got.has(id)),
    unknown: [...got].filter((id) => !wanted.has(id)),
  }
}

async function runOver(
  served: readonly ServedBlock[],
  { scene, kills, random }: { scene: string; kills: number; random: () => number },
) {
  const [database, inbox, node] = [
    await createTestDatabase(),
    await startInbox(seededRandom(1)),
    await startNode({ blocks: served }),
  ]
  node.chain.finalize(Math.floor(served.length / 2))
  const args = [
    '--database',
    database.url,
    '--rpc',
    node.url,
    '--webhook',
    inbox.url,
    '--until',
    String(served.length),
    '--scene',
    scene,
  ]
  let [killed, early] = [0, 0]
  try {
    while (killed < kills) {
      const before = await position(database.db)
      const child = start(args)
      const left = served.length - before
      await askedFor(node, child, Math.ceil((random() * 2 * left) / (kills - killed + 1)))
      await sleep(random() * 30)
      if (child.exitCode !== null) break
      child.kill('SIGKILL')
      await once(child, 'exit')
      killed++
      if ((await position(database.db)) === before) early++
    }
    const last = start(args)
    const errors = text(last.stderr!)
    const ended = once(last, 'exit')
    while (last.exitCode === null) {
      // A message in the hands of a process that was killed is due again after a minute: we let that minute pass.
      await database.db.update(messages).set({ dueAt: new Date() }).where(eq(messages.state, 'waiting'))
      await Promise.race([ended, sleep(200)])
    }
    if (last.exitCode !== 0) throw new Error(`the watch ended with ${last.exitCode}: ${await errors}`)
    return { state: await stateOf(database.db), delivered: inbox.delivered, kills: killed, early }
  } finally {
    await Promise.all([node.close(), inbox.close()])
    await database.drop()
  }
}

/** Takes its time for each message, and counts it only if whoever brought it was still there for the answer. */
async function startInbox(random: () => number) {
  const delivered: string[] = []
  const server = createServer(async (request, response) => {
    await text(request).catch(() => '')
    await sleep(random() * 20)
    if (response.destroyed) return
    delivered.push(String(request.headers['webhook-id']))
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, delivered, close }
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'inherit', 'pipe'] })
}

async function position(db: Database): Promise<number> {
  const [cursor] = await db.select().from(cursors)
  return cursor?.blockNumber ?? 0
}

/** Resolves when the process has asked for so many blocks, or has ended. */
async function askedFor(node: TestNode, child: ChildProcess, blocks: number): Promise<void> {
  node.requests.reset()
  while ((node.requests.byMethod.eth_getBlockByNumber ?? 0) < blocks && child.exitCode === null) await sleep(2)
}

/** All that must be the same however often the process died. */
async function stateOf(db: Database) {
  return {
    ...(await standing(db)),
    cursors: await db.select().from(cursors),
    sightings: await db.select().from(sightings).orderBy(asc(sightings.blockNumber), asc(sightings.findingId)),
    alerts: await db.select().from(alerts).orderBy(asc(alerts.id)),
    messages: await db
      .select({
        id: messages.id,
        channel: messages.channel,
        alertId: messages.alertId,
        kind: messages.kind,
        turn: messages.turn,
        state: messages.state,
        content: messages.content,
      })
      .from(messages)
      .orderBy(asc(messages.id)),
    blindness: await db.select().from(blindness),
  }
}

/** Numbers in [0, 1), the same for the same seed: a linear congruential generator. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
