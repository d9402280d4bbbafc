import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { optionTable, regenerate, table } from '../../test/harness/reference.ts'
import { plugIns } from '../app/plugIns.ts'
import { configJsonSchema } from './configJsonSchema.ts'
import { matcherSchema } from './matcherSchema.ts'
import {
  chainSchema,
  channelSchema,
  configSchema,
  contractSchema,
  inhibitionSchema,
  monitorSchema,
  routeSchema,
} from './schema.ts'

const path = 'docs/reference/config.md'
const reference = readFileSync(path, 'utf8')

const { alerts, console, heartbeat, retention } = configSchema.shape
/** The tables of the page, in its order. */
const tables: Record<string, z.ZodType> = {
  chain: chainSchema,
  contract: contractSchema,
  monitor: monitorSchema,
  channel: channelSchema,
  route: routeSchema,
  match: matcherSchema,
  inhibition: inhibitionSchema,
  alerts: alerts.unwrap(),
  console: console.unwrap(),
  heartbeat: heartbeat.unwrap(),
  retention: retention.unwrap(),
}

function sections(): string {
  const rows = Object.entries(configSchema.shape).map(([name, schema]) => [
    `\`${name}\``,
    schema.safeParse(undefined).success ? '' : 'required',
    schema.description ?? '',
  ])
  return table(['key', '', 'meaning'], rows)
}

/** To write them anew after a key has changed: vitest with `-u`. */
test('the tables of the reference are those of the schema', async () => {
  const generated = regenerate(reference, ['sections', ...Object.keys(tables)], (id) =>
    id === 'sections' ? sections() : optionTable(tables[id]!),
  )
  expect(generated).not.toMatch(/\| +\|$/m)
  await expect(generated).toMatchFileSnapshot(`../../${path}`)
})

test('the JSON Schema for editors is that of the config and of all plug-ins', async () => {
  const schema = configJsonSchema(plugIns)
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/reference/tocsin.schema.json')
})

test('the JSON Schema completes the options of what is used', () => {
  const text = JSON.stringify(configJsonSchema(plugIns))
  for (const id of [...plugIns.detectors.keys(), ...plugIns.channels.keys()]) expect(text).toContain(`"const":"${id}"`)
  const { monitors } = configJsonSchema(plugIns).properties!
  const rules = monitors ? (monitors.additionalProperties as { allOf: object[] }).allOf : []
  const ruleOf = (id: string) => rules.find((rule) => JSON.stringify(rule).includes(`"const":"${id}"`))
  expect(ruleOf('outflow-cap')).toHaveProperty('then.properties.options.properties.percent')
  expect(ruleOf('outflow-cap')).toHaveProperty('then.properties.when', false)
  expect(ruleOf('expression')).toHaveProperty('then.required', ['when'])
  expect(ruleOf('absence')).toHaveProperty('then.required', ['options'])
})

test('every example is named in the README of the examples', () => {
  const readme = readFileSync('examples/README.md', 'utf8')
  for (const { name } of readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    expect(readme).toContain(`(${name}/tocsin.yaml)`)
  }
})
