import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Play, Scenario } from '../../demo/scenarios/scenario.ts'
import { createStage, type Stage } from '../../demo/scenarios/stage.ts'
import { startAnvil } from '../../demo/startAnvil.ts'
import { openClient } from '../../src/app/openClient.ts'
import { plugIns } from '../../src/app/plugIns.ts'
import { draftConfig } from '../../src/cli/draftConfig.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import { createRecorder } from '../../src/evm/recording/createRecorder.ts'
import type { Address } from '../../src/model/chain.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { Secret } from '../../src/model/secret.ts'
import { type Blind, type Course, foundIn, pages, type Seen, seenIn } from './seenIn.ts'

export type Outcome = {
  /** Findings of the attack at `high` or above that name a victim, in their order. */
  found: Seen[]
  /** Blocks between the first of them and the last block of the attack. Null: not found. */
  lead: number | null
  /** What a watch finds so that begins only now, and knows of ordinary use what it looks back at. */
  foundLate: Seen[]
  /** Findings of the twin at `high` or above, whichever watches: there should be none. */
  falsely: Seen[]
  /** Findings of ordinary use at `high` or above. */
  beforehand: Seen[]
  /** All that was said of the attack, and who was blind. */
  said: Seen[]
  blind: Blind[]
  config: string
  course: Course
  /** What the chain answered meanwhile. */
  recordings: { attack: string; twin: string }
}

const chain = { id: 31_337, name: 'local' }
const variable = 'RPC_URL'
const lookBack = 1000

/**
 * Plays a scenario on a chain of its own: ordinary use, then the config that `tocsin init` writes, then attack and twin
 * from the same moment; and replays what happened with that config, from the beginning of ordinary use, and from after
 * `init` as who starts Tocsin then.
 * @param learnt At most so many blocks of ordinary use are replayed: the last of them.
 */
export async function playScenario(scenario: Scenario, { learnt = Infinity } = {}): Promise<Outcome> {
  const anvil = await startAnvil({ keepsAll: true })
  const where = { id: chain.id, rpc: [new Secret(anvil.rpcUrl, `env:${variable}`)] }
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-scenario-'))
  try {
    const stage = await createStage(anvil.rpcUrl)
    const play = await scenario.build(stage)
    const from = await head(stage)
    await play.ordinary()
    await stage.mine(2)
    const known = await head(stage)
    const config = await configOf(stage, anvil.rpcUrl, play)
    const monitors = monitorsIn(folder, config, anvil.rpcUrl)
    const watch = async (act: () => Promise<void>) => {
      const snapshot = await stage.client.snapshot()
      await act()
      const to = await head(stage)
      // Windows that close and what is due every few blocks come after the last block; they count for the twin.
      await stage.mine(5)
      const span = { from: Math.max(from, known - learnt) + 1, to: to + 5 }
      const recorder = createRecorder({ chainId: chain.id, ...span })
      const seen = await seenIn(openClient(where, recorder.listen), monitors, span)
      const late = await seenIn(openClient(where), monitors, { from: known + 1, to: to + 5, lookBack })
      await stage.client.revert({ id: snapshot })
      return { ...seen, late: late.seen, to, recording: recorder.recording().text }
    }
    const attack = await watch(play.attack)
    const twin = await watch(play.twin)
    const victims = play.victims.map((address) => address.toLowerCase())
    const course = { known, last: attack.to, victims }
    const isFinding = ({ block }: Seen) => block > known
    const found = foundIn(attack.seen, course)
    return {
      found,
      foundLate: foundIn(attack.late, course),
      lead: found[0] ? attack.to - found[0].block : null,
      falsely: [...twin.seen, ...twin.late].filter((seen) => isFinding(seen) && pages(seen)),
      beforehand: attack.seen.filter((seen) => !isFinding(seen) && pages(seen)),
      said: attack.seen.filter(isFinding),
      blind: [...attack.blind, ...twin.blind],
      config,
      course,
      recordings: { attack: attack.recording, twin: twin.recording },
    }
  } finally {
    await anvil.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const head = async ({ client }: Stage): Promise<number> => Number(await client.getBlockNumber())

async function configOf({ client }: Stage, rpcUrl: string, { protect }: Play): Promise<string> {
  const { timestamp } = await client.getBlock()
  const now = new Date(Number(timestamp) * 1000)
  const addresses = protect.map((address) => address.toLowerCase() as Address)
  const reader = openClient({ id: chain.id, rpc: [new Secret(rpcUrl, `env:${variable}`)] })
  try {
    return (await draftConfig(reader, addresses, { chain, rpc: `env:${variable}`, schema: null, now })).text
  } finally {
    reader.close()
  }
}

function monitorsIn(folder: string, config: string, rpcUrl: string): Monitor[] {
  const path = join(folder, 'tocsin.yaml')
  writeFileSync(path, config)
  return [...loadConfig(path, plugIns, { ...process.env, [variable]: rpcUrl }).monitors]
}
