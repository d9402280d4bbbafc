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
import type { Address } from '../../src/model/chain.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { Secret } from '../../src/model/secret.ts'
import { severities } from '../../src/model/severity.ts'
import { learn } from '../../src/watch/learn.ts'
import { replay } from '../../src/watch/replay.ts'

export type Seen = Pick<Finding, 'monitor' | 'detector' | 'severity' | 'evidence' | 'title' | 'address'> & {
  block: number
}
type Blind = { monitor: string; reason: string; block: number }

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
}

const chain = { id: 31_337, name: 'local' }
const variable = 'RPC_URL'
const lookBack = 1000
const pages = ({ severity }: Seen) => severities.indexOf(severity) >= severities.indexOf('high')

/**
 * Plays a scenario on a chain of its own: ordinary use, then the config that `tocsin init` writes, then attack and twin
 * from the same moment; and replays what happened with that config, from the beginning of ordinary use, and from after
 * `init` as who starts Tocsin then.
 */
export async function playScenario(scenario: Scenario): Promise<Outcome> {
  const anvil = await startAnvil({ keepsAll: true })
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
      const replays = replaysOf(anvil.rpcUrl, monitors)
      const seen = await replays({ from: from + 1, to: to + 5 })
      const late = await replays({ from: known + 1, to: to + 5, lookBack })
      await stage.client.revert({ id: snapshot })
      return { ...seen, late: late.seen, to }
    }
    const attack = await watch(play.attack)
    const twin = await watch(play.twin)
    const victims = new Set(play.victims.map((address) => address.toLowerCase()))
    const isFinding = ({ block }: Seen) => block > known
    const isFound = (seen: Seen) =>
      isFinding(seen) && pages(seen) && seen.block <= attack.to && victims.has(seen.address)
    const found = attack.seen.filter(isFound)
    return {
      found,
      foundLate: attack.late.filter(isFound),
      lead: found[0] ? attack.to - found[0].block : null,
      falsely: [...twin.seen, ...twin.late].filter((seen) => isFinding(seen) && pages(seen)),
      beforehand: attack.seen.filter((seen) => !isFinding(seen) && pages(seen)),
      said: attack.seen.filter(isFinding),
      blind: [...attack.blind, ...twin.blind],
      config,
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

type Stretch = { from: number; to: number; lookBack?: number }

const replaysOf = (rpcUrl: string, monitors: readonly Monitor[]) => async (stretch: Stretch) => {
  const client = openClient({ id: chain.id, rpc: [new Secret(rpcUrl, `env:${variable}`)] })
  const source = { client, monitors, ahead: 4 }
  const seen: Seen[] = []
  const blind: Blind[] = []
  try {
    const learnt = await learn(source, { first: stretch.from, lookBack: stretch.lookBack ?? 0 })
    for await (const { block, sighted, blind: unseeing, faults } of replay(source, stretch, learnt)) {
      for (const { finding } of sighted) {
        const { monitor, detector, severity, evidence, title, address } = finding
        seen.push({ monitor, detector, severity, evidence, title, address, block: block.number })
      }
      for (const each of unseeing) blind.push({ ...each, block: block.number })
      for (const reason of faults) blind.push({ monitor: '*', reason, block: block.number })
    }
  } finally {
    client.close()
  }
  return { seen, blind }
}
