import { join } from 'node:path'
import { defineCommand } from 'citty'
import { createLogger } from '../app/createLogger.ts'
import { plugIns } from '../app/plugIns.ts'
import { startApp } from '../app/startApp.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { ConfigError } from '../config/problem.ts'
import { forgetChain } from '../store/forgetChain.ts'
import { openDatabase } from '../store/openDatabase.ts'
import { checkChains } from './checkChains.ts'
import { costLine } from './cost/costLine.ts'
import { costOf } from './cost/costOf.ts'
import { dataDirectory } from './dataDirectory.ts'
import { fromDemo } from './fromDemo.ts'
import { UsageError } from './usageError.ts'

export const start = defineCommand({
  meta: {
    name: 'start',
    description: 'Watches. Without a config it runs the demo: a local chain with a protocol to attack.',
  },
  args: {
    config: { type: 'string', description: 'Config file; without it, the demo', valueHint: 'FILE' },
    port: {
      type: 'string',
      description: 'Port of the console, instead of that of the config; 0: any that is free',
      valueHint: 'N',
    },
    log: { type: 'enum', options: ['text', 'json'], description: 'Form of the log. Default: text in a terminal' },
    verbose: { type: 'boolean', description: 'Log every block' },
  },
  async run({ args }) {
    const format = args.log ?? (process.stderr.isTTY ? 'text' : 'json')
    const logger = createLogger({ format: format === 'text' ? 'text' : 'json', level: args.verbose ? 'debug' : 'info' })
    const running = await (args.config
      ? startConfig(args.config, { logger, port: portOf(args.port) })
      : startDemoWorld({ logger, port: portOf(args.port) }))
    const failure = await Promise.race([untilStopped(), running.failed])
    if (failure) {
      logger.fatal(
        { error: failure },
        'A part of Tocsin failed that must not fail; it ends, so that it can be started again.',
      )
      process.exitCode = 1
    }
    say('Stopping: the block under way is finished first.')
    await running.stop()
    say('Stopped.')
  },
})

type Stop = () => Promise<void>
type Running = { stop: Stop; failed: Promise<unknown> }
type Settings = { logger: ReturnType<typeof createLogger>; port: number | undefined }

async function startConfig(file: string, { logger, port }: Settings): Promise<Running> {
  const config = atPort(loadConfig(file, plugIns), port)
  await refuseUnfit(config, logger)
  const directory = dataDirectory()
  const url = process.env.DATABASE_URL
  const database = await openDatabase({ dataDirectory: directory, url, onProgress: say, logger })
  try {
    const app = await startApp({ config, database, dataDirectory: directory, logger })
    greet(config.protocol, app.signInLink(), config.monitors.length)
    const stop = async () => {
      await app.stop()
      await database.close()
    }
    return { stop, failed: Promise.race([app.failed, database.lost]) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Nothing is started with contracts that are not what the config says. A provider that fails just now is no reason
 * not to start: until it answers its chain is shown as blind, and people are told. What watching costs is said first.
 * @throws {ConfigError}
 */
async function refuseUnfit(config: Config, logger: Settings['logger']): Promise<void> {
  const { chains, problems } = await checkChains(config)
  const wrong = chains.flatMap(({ verdicts }) => verdicts.filter(({ level }) => level === 'problem'))
  if (wrong.some(({ about }) => 'contract' in about)) throw new ConfigError(config.file, problems)
  for (const { message, hint = '' } of problems) logger.warn(`${message} ${hint}`.trim())
  for (const checked of chains) {
    const cost = costOf(checked, config)
    if (cost) logger.info(costLine(cost))
  }
}

/** A world of its own: its chain begins anew with every start, so what the database holds of it is forgotten. */
async function startDemoWorld({ logger, port }: Settings): Promise<Running> {
  const { startDemo } = await fromDemo(() => import('../../demo/startDemo.ts'))
  const { attacks } = await fromDemo(() => import('../../demo/attacks.ts'))
  const directory = join(dataDirectory(), 'demo-data')
  const database = await openDatabase({ dataDirectory: directory, onProgress: say, logger })
  const stops: Stop[] = [database.close]
  const stop = async () => {
    for (const end of stops.toReversed()) await end()
  }
  try {
    const demo = await startDemo({
      dataDirectory: dataDirectory(),
      onProgress: (text) => say(`Demo: ${text}.`),
      onMessage: (title) => say(`Demo: the person on duty is told: ${title}`),
    })
    stops.push(demo.stop)
    const config = atPort(loadConfig(demo.configPath, plugIns), port)
    for (const { id } of config.chains) await forgetChain(database.db, id)
    const run = async (name: string) => void (await demo.attack(name))
    const app = await startApp({
      config,
      database,
      dataDirectory: directory,
      logger,
      demo: { attacks: [...attacks.values()], run },
    })
    stops.push(app.stop)
    greet(`${config.protocol} (demo)`, app.signInLink(), config.monitors.length)
    say(`Set off an attack from the console, or in another terminal: npx tocsin demo attack ${[...attacks.keys()][0]}`)
    return { stop, failed: Promise.race([app.failed, database.lost]) }
  } catch (error) {
    await stop()
    throw error
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(`--port ${text} is no port.`, ['Give a number from 0 to 65535.'])
}

const atPort = (config: Config, port = config.console.port): Config => ({ ...config, console: { port } })

function greet(protocol: string, link: string, monitors: number): void {
  say(`${protocol} is watched by ${monitors} monitors.`)
  say(`Console: ${link}`)
  say('The link signs in one browser, once. Ctrl-C stops.')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one half a second later or more ends the process at once. */
function untilStopped(): Promise<undefined> {
  return new Promise((resolve) => {
    let stoppedAt = 0
    const onSignal = () => {
      if (stoppedAt === 0) {
        stoppedAt = performance.now()
        resolve(undefined)
      } else if (performance.now() - stoppedAt > 500) {
        process.exit(1)
      }
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  })
}
