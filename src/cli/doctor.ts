import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, freemem, loadavg, release, totalmem, uptime } from 'node:os'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { KnownError } from '../model/error.ts'
import type { Json } from '../model/finding.ts'
import { type DatabaseInspection, inspectDatabase } from '../store/inspectDatabase.ts'
import { dataDirectory } from './dataDirectory.ts'
import { createRedactor, type Redact } from './doctor/createRedactor.ts'
import { describeChains } from './doctor/describeChains.ts'
import { describeConfig } from './doctor/describeConfig.ts'
import { describeData } from './doctor/describeData.ts'
import { findTroubles } from './doctor/findTroubles.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

export const doctor = defineCommand({
  meta: { name: 'doctor', description: 'Says what looks wrong, and writes a bundle for support without any secret.' },
  args: {
    config: {
      type: 'string',
      description: 'Config file. Default: tocsin.yaml, or that of the demo',
      valueHint: 'FILE',
    },
    out: { type: 'string', description: 'File to write. Default: tocsin-doctor-DATE.json', valueHint: 'FILE' },
  },
  async run({ args }) {
    const now = new Date()
    const { file, directory } = placesOf(args.config)
    const described = describeConfig(file)
    if (!described && args.config !== undefined) throw new KnownError('not_found', `There is no config ${args.config}.`)
    const { config, secrets = [], ...shown } = described ?? {}
    const data = await describeData(directory)
    const [database, chains] = await Promise.all([lookAtDatabase(directory), config ? describeChains(config) : []])
    const redact = createRedactor([...secrets, process.env.DATABASE_URL ?? ''])
    const troubles = findTroubles({ config: described, data, database, chains, now })
    const bundle = redacted(
      {
        kind: 'tocsin-doctor',
        schema: 1,
        at: now.toISOString(),
        troubles,
        ...machine(),
        config: described && shown,
        data,
        database,
        chains,
      },
      redact,
    )
    const out = args.out ?? `tocsin-doctor-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.json`
    write(out, `${JSON.stringify(bundle, null, 2)}\n`)
    process.stdout.write(summary(troubles.map(redact), database, out))
    if (troubles.length > 0) process.exitCode = 1
  },
})

/** The demo keeps its config and its database in places of its own. */
function placesOf(given: string | undefined): { file: string; directory: string } {
  const directory = dataDirectory()
  const demo = join(directory, 'demo', 'tocsin.yaml')
  if (given !== undefined && given !== demo) return { file: given, directory }
  if (given === undefined && (existsSync('tocsin.yaml') || !existsSync(demo))) return { file: 'tocsin.yaml', directory }
  return { file: demo, directory: join(directory, 'demo-data') }
}

/** Never makes a database where there is none. */
async function lookAtDatabase(directory: string): Promise<DatabaseInspection | string | null> {
  const url = process.env.DATABASE_URL || undefined
  if (url === undefined && !existsSync(join(directory, 'postgres'))) return null
  try {
    return await inspectDatabase({ dataDirectory: directory, url })
  } catch (error) {
    if (error instanceof KnownError) return error.message
    return `The database could not be looked at: ${error instanceof Error ? error.message : String(error)}`
  }
}

function machine() {
  const { platform, arch, versions } = process
  return {
    versions: { tocsin: version, node: versions.node, platform, arch, release: release() },
    machine: {
      processors: cpus().length,
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      load: loadavg(),
      uptimeSeconds: Math.round(uptime()),
    },
  }
}

/** Every text of the bundle, whoever wrote it, goes through here. */
function redacted(value: unknown, redact: Redact): Json {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact))
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redacted(item, redact)]))
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** For the owner's eyes only, and never over another file. */
function write(out: string, text: string): void {
  try {
    writeFileSync(out, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    const hints = code === 'EEXIST' ? ['Name another with --out FILE.'] : []
    throw new KnownError('unavailable', `The bundle ${out} cannot be written (${code}).`, { cause, hints })
  }
}

function summary(troubles: readonly string[], database: DatabaseInspection | string | null, out: string): string {
  const postgres = database && typeof database === 'object' ? `, PostgreSQL ${database.version}` : ''
  return [
    ...(troubles.length === 0
      ? ['Nothing looks wrong.']
      : ['What looks wrong:', ...troubles.map((text) => `  ✗ ${text}`)]),
    '',
    `Tocsin ${version}, Node ${process.versions.node}${postgres}, ${process.platform}-${process.arch}`,
    `The bundle is ${out}. It holds names, addresses, hosts and errors, and no secret; read it before you send it.`,
    '',
  ].join('\n')
}
