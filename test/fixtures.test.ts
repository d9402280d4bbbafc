import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { themes } from '../demo/scenarios/scenario.ts'
import { type Expected, expectedOf, fixtures, playFixture } from './scenarios/fixture.ts'

const anew = (name: string) => `If this is as it should be: npm run fixtures -- ${name}`
const bytesMax = 2_500_000
/** Without the words, which may become better. */
const said = ({ block, severity, detector, monitor }: Expected['found'][number]) => ({
  ...{ block, severity, detector, monitor },
})

/** Attacks that were recorded, and what looks like them: replayed out of files, with no chain. */
describe.each(fixtures())('%s', (name) => {
  const expected = expectedOf(name)

  test('is found as when it was recorded, and its twin pages nobody', async () => {
    const { found, falsely, blind } = await playFixture(name)
    expect(blind, `A monitor asks what was not recorded. ${anew(name)}`).toEqual([])
    expect(falsely).toEqual([])
    expect(found.map(said), anew(name)).toEqual(expected.found.map(said))
    expect(expected.last - found[0]!.block).toBe(expected.lead)
  })

  test('is missed where those who found it are deaf', async () => {
    const finders = new Set(expected.found.map(({ detector }) => detector))
    const { found, blind } = await playFixture(name, ({ detector }) => !finders.has(detector))
    expect({ found, blind }).toEqual({ found: [], blind: [] })
  })
})

test('there is one of every theme, and together they are small', () => {
  expect(new Set(fixtures().map((name) => expectedOf(name).theme))).toEqual(new Set(themes))
  const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' })
  const bytes = files.reduce((sum, file) => sum + statSync(join('fixtures', file)).size, 0)
  expect(bytes).toBeLessThan(bytesMax)
})
