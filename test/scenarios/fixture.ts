import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Scenario, Theme } from '../../demo/scenarios/scenario.ts'
import { openRecording } from '../../src/app/openRecording.ts'
import { plugIns } from '../../src/app/plugIns.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import type { Outcome } from './playScenario.ts'
import { type Course, foundIn, pages, type Seen, seenIn } from './seenIn.ts'

/** An attack and its twin as a chain answered them, with the config of before, and what must be found. */
export type Expected = Course & {
  theme: Theme
  attack: string
  twin: string
  found: (Pick<Seen, 'block' | 'monitor' | 'severity' | 'title'> & { detector: string })[]
  /** Blocks between the first finding and the last of the attack. */
  lead: number
}

const folder = 'fixtures'
const folderOf = (name: string) => join(folder, name)

/** Their names, which are those of scenarios. */
export const fixtures = (): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

export const expectedOf = (name: string): Expected =>
  parse(readFileSync(join(folderOf(name), 'expected.yaml'), 'utf8')) as Expected

export function writeFixture({ name, theme, attack, twin }: Scenario, outcome: Outcome): void {
  const { found, lead, course, config, recordings } = outcome
  if (lead === null) throw new Error(`The attack of ${name} was not found: there is nothing to be kept.`)
  const expected: Expected = {
    ...{ theme, attack, twin, ...course },
    found: found.map(({ block, severity, detector, monitor, title }) => ({
      block,
      severity,
      detector,
      monitor,
      title,
    })),
    lead,
  }
  const files = {
    'tocsin.yaml': config,
    'attack.jsonl': recordings.attack,
    'twin.jsonl': recordings.twin,
    'expected.yaml': `# Written by \`npm run fixtures -- ${name}\`.\n${stringify(expected, { lineWidth: 120 })}`,
  }
  if (!existsSync(folderOf(name))) mkdirSync(folderOf(name), { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folderOf(name), file), text)
}

/**
 * Shows the monitors of a fixture its attack and its twin, by the ordinary reader and with every hash checked, but out of
 * the files: no chain is asked.
 * @param listening Which of its monitors do.
 */
export async function playFixture(name: string, listening: (monitor: Monitor) => boolean = () => true) {
  const { known, last, victims } = expectedOf(name)
  const path = join(folderOf(name), 'tocsin.yaml')
  const monitors = loadConfig(path, plugIns, { RPC_URL: 'http://127.0.0.1:1' }).monitors.filter(listening)
  const seenOf = async (part: 'attack' | 'twin') => {
    const recording = openRecording(join(folderOf(name), `${part}.jsonl`))
    return seenIn(recording.client({ verify: 'always', headerFields: [] }), monitors, recording)
  }
  const attack = await seenOf('attack')
  const twin = await seenOf('twin')
  return {
    found: foundIn(attack.seen, { known, last, victims }),
    falsely: [...twin.seen, ...attack.seen.filter(({ block }) => block <= known)].filter(pages),
    blind: [...attack.blind, ...twin.blind],
  }
}
