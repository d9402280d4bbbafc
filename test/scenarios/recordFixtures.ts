import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { scenarios } from '../../demo/scenarios.ts'
import { fixtures, writeFixture } from './fixture.ts'
import { playScenario } from './playScenario.ts'

/** So much of ordinary use stays in a fixture, which is to be small; what must learn for longer is no case for one. */
const learnt = 4

/** Plays scenarios anew, those that are named or of all fixtures, and keeps each where its attack alone was found. */
async function main(names: readonly string[]): Promise<void> {
  for (const name of names.length > 0 ? names : fixtures()) {
    const scenario = scenarios.get(name)
    if (!scenario) throw new Error(`There is no scenario ${name}: see demo/scenarios.`)
    const outcome = await playScenario(scenario, { learnt })
    const { found, falsely, beforehand, blind } = outcome
    if (found.length === 0 || [...falsely, ...beforehand, ...blind].length > 0) {
      console.log(`${name} was not kept: ${JSON.stringify({ found, falsely, beforehand, blind })}`)
      process.exitCode = 1
      continue
    }
    writeFixture(scenario, outcome)
    console.log(
      `${name.padEnd(32)} ${kilobytesOf(join('fixtures', name))} kB, found ${outcome.lead} blocks before the end`,
    )
  }
}

const kilobytesOf = (folder: string): number =>
  Math.round(readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / 1000)

await main(process.argv.slice(2))
