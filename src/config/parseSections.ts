import type { z } from 'zod'
import { kebabName, name } from './names.ts'
import type { Report } from './report.ts'
import {
  type ConfigFile,
  chainSchema,
  channelSchema,
  configSchema,
  contractSchema,
  inhibitionSchema,
  monitorSchema,
  routeSchema,
} from './schema.ts'
import { typeOf } from './wordsOf.ts'

/** A section of named entries: those that are well-formed, and the names of all. */
export type Section<Entry> = { entries: Record<string, Entry>; names: readonly string[] }

/** An item of a list, with its position in the file. */
export type Listed<Item> = { index: number; item: Item }

/** The config entry by entry: what is wrong with one keeps no other from being checked. */
export type Sections = Pick<ConfigFile, 'protocol' | 'alerts' | 'console' | 'heartbeat' | 'retention'> & {
  chains: Section<z.output<typeof chainSchema>>
  contracts: Section<z.output<typeof contractSchema>>
  monitors: Section<z.output<typeof monitorSchema>> | undefined
  channels: Section<z.output<typeof channelSchema>>
  routes: Listed<z.output<typeof routeSchema>>[] | undefined
  inhibit: Listed<z.output<typeof inhibitionSchema>>[]
}

type Group = Record<string, unknown>

/** Undefined: the file as a whole is no config. */
export function parseSections(value: unknown, report: Report): Sections | undefined {
  if (value === null || value === undefined) {
    report([], 'The file is empty.', 'Write one with `tocsin init ADDRESS --rpc URL`.')
    return undefined
  }
  if (!isGroup(value)) {
    report([], `A config is a group of names and values, such as \`chains:\`, and this is ${typeOf(value)}.`)
    return undefined
  }
  const known = Object.keys(configSchema.shape)
  for (const key of Object.keys(value)) if (!known.includes(key)) report.unknownKey([key], known)
  const whole = <Output>(key: string, schema: z.ZodType<Output>) =>
    report.check([key], value[key], schema) ?? (schema.safeParse(undefined).data as Output)
  const { protocol, alerts, console, heartbeat, retention } = configSchema.shape
  return {
    protocol: whole('protocol', protocol),
    chains: sectionOf('chains', value, { schema: chainSchema, naming: kebabName, least: 'chain' }, report),
    contracts: sectionOf('contracts', value, { schema: contractSchema, naming: name, least: 'contract' }, report),
    monitors:
      value.monitors === undefined
        ? undefined
        : sectionOf('monitors', value, { schema: monitorSchema, naming: kebabName }, report),
    channels: sectionOf('channels', value, { schema: channelSchema, naming: kebabName }, report),
    routes: value.routes === undefined ? undefined : listOf('routes', value, routeSchema, report),
    inhibit: listOf('inhibit', value, inhibitionSchema, report),
    alerts: whole('alerts', alerts),
    console: whole('console', console),
    heartbeat: whole('heartbeat', heartbeat),
    retention: whole('retention', retention),
  }
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value.constructor === Object
}

function sectionOf<Entry>(
  key: string,
  file: Group,
  { schema, naming, least }: { schema: z.ZodType<Entry>; naming: z.ZodType<string>; least?: string },
  report: Report,
): Section<Entry> {
  const given = file[key]
  const entries = isGroup(given) ? Object.entries(given) : []
  if (least && (given === undefined || (isGroup(given) && entries.length === 0))) {
    report(
      given === undefined ? [] : [key],
      given === undefined ? `The key \`${key}\` is missing.` : `\`${key}\` must name at least one ${least}.`,
    )
  } else if (given !== undefined && !isGroup(given)) {
    report(
      [key],
      `\`${key}\` ${given === null ? 'has no value' : `must be a group of names and values, and is ${typeOf(given)}`}.`,
    )
  }
  const good = entries.flatMap(([name, value]) => {
    const words = naming.safeParse(name).error?.issues[0]?.message
    if (words) report.badName([key, name], `\`${name.slice(0, 80)}\` ${words}.`)
    const entry = report.check([key, name], value, schema)
    return entry === undefined || words ? [] : [[name, entry] as const]
  })
  return { entries: Object.fromEntries(good), names: entries.map(([name]) => name) }
}

function listOf<Item>(key: string, file: Group, schema: z.ZodType<Item>, report: Report): Listed<Item>[] {
  const given = file[key] ?? []
  if (!Array.isArray(given)) report([key], `\`${key}\` must be a list, and is ${typeOf(given)}.`)
  return (Array.isArray(given) ? given : []).flatMap((value, index) => {
    const item = report.check([key, index], value, schema)
    return item === undefined ? [] : [{ index, item }]
  })
}
