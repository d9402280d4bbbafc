import { defineCommand } from 'citty'
import { plugIns } from '../app/plugIns.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { ConfigError } from '../config/problem.ts'
import type { Verdict } from '../discover/check/verdict.ts'
import { type CheckedChain, checkChains } from './checkChains.ts'
import { costOf } from './cost/costOf.ts'
import { costTable } from './cost/costTable.ts'

export const check = defineCommand({
  meta: { name: 'check', description: 'Checks the config, by itself and against the chains. Changes nothing.' },
  args: { config: { type: 'string', description: 'Config file', default: 'tocsin.yaml', valueHint: 'FILE' } },
  async run({ args }) {
    const config = loadConfig(args.config, plugIns)
    say(`${config.file} can be read: ${counts(config)}. Asking the chains …\n`)
    const { chains, problems } = await checkChains(config)
    for (const chain of chains) say(reportOf(chain, config))
    if (problems.length > 0) throw new ConfigError(config.file, problems)
    say(watchedOf(config))
    say(`\n${costsOf(chains, config)}`)
    say('\nNothing is wrong.')
  },
})

const say = (text: string) => void process.stdout.write(`${text}\n`)

const many = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`

const counts = ({ chains, contracts, monitors, channels }: Config) =>
  [
    many(chains.length, 'chain'),
    many(contracts.length, 'contract'),
    many(monitors.length, 'monitor'),
    many(channels.length, 'channel'),
  ].join(', ')

const signs: Record<Verdict['level'], string> = { ok: '✓ ok     ', note: '– note   ', problem: '✗ WRONG  ' }

function reportOf({ chain, verdicts }: CheckedChain, config: Config): string {
  const lines = verdicts.map(({ about, level, message, hint }) => {
    const subject =
      'provider' in about
        ? `RPC ${about.provider + 1} (${hostOf(chain.rpc[about.provider]!.reveal())})`
        : 'contract' in about
          ? about.contract
          : about.monitor
    return `  ${signs[level]}${subject}: ${message}${hint && level === 'note' ? ` ${hint}` : ''}`
  })
  const names = config.contracts.filter((contract) => contract.chain === chain.name).length
  return `${chain.name} (chain ${chain.id}, ${many(chain.rpc.length, 'RPC provider')}, ${many(names, 'contract')})\n${lines.join('\n')}\n`
}

const hostOf = (url: string) => new URL(url).host

function watchedOf({ shown, routes, channels }: Config): string {
  const lines = shown.map(({ name, title, on, severity, mode, rule }) => {
    const state = mode === 'active' ? '' : `, ${mode}`
    const targets = on.map((contract) => contract.name).join(', ')
    return `  ${name} (${severity}${state}): ${title} on ${targets}${rule === null ? '' : `\n      ${rule}`}`
  })
  const heard = new Set(routes.flatMap(({ notify }) => notify))
  const told = channels.filter(({ name }) => heard.has(name)).map(({ name }) => name)
  const whom =
    told.length > 0 ? `Told: ${told.join(', ')}.` : 'Nobody is told: the config has no channel that a route names.'
  return [`Watched by ${many(lines.length, 'monitor')}:`, ...lines, '', whom].join('\n')
}

function costsOf(chains: readonly CheckedChain[], config: Config): string {
  const costs = chains.map((chain) => costOf(chain, config))
  const untold = chains.filter((_, index) => costs[index] === null).map(({ chain }) => chain.name)
  const known = costs.filter((cost) => cost !== null)
  return [
    ...untold.map((name) => `${name} has too few blocks to tell what watching costs.`),
    ...(known.length > 0 ? [costTable(known)] : []),
  ].join('\n')
}
