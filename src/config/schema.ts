import { z } from 'zod'
import { Secret } from '../model/secret.ts'
import { compareSeverity, type Severity, severities } from '../model/severity.ts'
import { duration } from './duration.ts'

/** A name that can stand in rules as `$name`. */
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'use letters, digits and _, and begin with a letter')
const kebabName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'use letters, digits, - and _, and begin with a letter')

/** One value or a list of them; becomes a list. */
const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z
    .union([item, z.array(item).min(1).max(1000)])
    .transform((given): z.output<Item>[] => (Array.isArray(given) ? given : [given]))

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'write 0x and 40 hex digits, in quotes')
  .transform((text) => text.toLowerCase() as `0x${string}`)

const rpcUrl = z
  .union([z.string(), z.custom<Secret>((value) => value instanceof Secret)])
  .transform((given) => (given instanceof Secret ? given : new Secret(given, '(in the config)')))
  .refine((url) => /^(https?|wss?):$/.test(URL.parse(url.reveal())?.protocol ?? ''), 'is no http, https, ws or wss URL')

const chain = z.strictObject({
  id: z.int().positive().describe('Chain id, such as 1 for Ethereum.'),
  rpc: oneOrMore(rpcUrl).describe(
    'URLs of RPC providers, best by reference (env:NAME); the first healthy one is asked.',
  ),
  confirmations: z
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe('Later blocks after which an alert counts as confirmed.'),
  finalityDepth: z
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe('Depth of final blocks where the provider does not tell.'),
  startAt: z
    .union([z.int().min(0), z.literal('latest')])
    .default('latest')
    .describe('First block, when nothing was watched yet.'),
  poll: duration().optional().describe('How often to look for a new block. Default: every second.'),
  blindAfter: duration().default(60).describe('How long the chain or a monitor may go unseen before people are told.'),
  staleAfter: duration()
    .default(600)
    .describe('How long the chain may stand still before that counts as not being seen.'),
  explorer: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Block explorer for links, such as https://etherscan.io.'),
})

const contract = z.strictObject({
  chain: z.string().optional().describe('Name of its chain; may be left out where there is only one.'),
  address,
  abi: z
    .union([z.string(), z.array(z.unknown()).max(5000)])
    .optional()
    .describe('Path of a JSON file, or a list of signatures.'),
  kind: z.string().max(64).optional().describe('Such as erc20, safe, governor; `account` for an address without code.'),
  role: z.enum(['protected', 'dependency']).default('protected'),
})

const severityChoice = oneOrMore(z.string()).transform((given, context): Severity[] => {
  return given.flatMap((text) => {
    const [, atLeast, word] = /^(>=)?\s*([a-z]+)$/.exec(text) ?? []
    const severity = severities.find((known) => known === word)
    if (!severity) {
      context.addIssue(`\`${text}\` is no severity: write one of ${severities.join(', ')}, or such as \`>=high\``)
      return []
    }
    return atLeast ? severities.filter((known) => compareSeverity(known, severity) >= 0) : [severity]
  })
})

const matcher = z.strictObject({
  severity: severityChoice.optional(),
  monitor: oneOrMore(kebabName).optional(),
  detector: oneOrMore(kebabName).optional(),
  contract: oneOrMore(name).optional(),
  chain: oneOrMore(kebabName).optional(),
})

const monitor = z.strictObject({
  use: z.string().describe('Id of the detector.'),
  on: oneOrMore(name).optional().describe('Contracts that it watches. Default: all that are protected.'),
  when: z.string().optional().describe('The rule, for detectors that take one.'),
  severity: z.enum(severities).optional().describe("Default: the detector's."),
  mode: z
    .enum(['active', 'shadow', 'off'])
    .default('active')
    .describe('`shadow`: its findings are stored, and nobody is told.'),
  resolveAfter: z.union([duration(), z.literal('never').transform(() => null)]).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
})

/** The config file. Options of detectors and channels are checked by their own schemas. */
export const configSchema = z.strictObject({
  protocol: z.string().min(1).max(100).default('This protocol'),
  chains: z.record(kebabName, chain).refine((chains) => Object.keys(chains).length > 0, 'name at least one chain'),
  contracts: z
    .record(name, contract)
    .refine((contracts) => Object.keys(contracts).length > 0, 'name at least one contract'),
  monitors: z.record(kebabName, monitor).optional(),
  channels: z
    .record(kebabName, z.strictObject({ use: z.string(), options: z.record(z.string(), z.unknown()).default({}) }))
    .default({}),
  routes: z.array(z.strictObject({ match: matcher.default({}), notify: oneOrMore(kebabName) })).optional(),
  inhibit: z
    .array(
      z.strictObject({
        when: matcher,
        mute: matcher,
        equal: z.array(z.enum(['contract', 'chain', 'transaction'])).default(['contract', 'chain']),
      }),
    )
    .default([]),
  alerts: z
    .strictObject({
      resolveAfter: z.union([duration(), z.literal('never').transform(() => null)]).default(3600),
      updateEvery: duration().default(300),
    })
    .prefault({}),
  console: z.strictObject({ port: z.int().min(0).max(65_535).default(8080) }).prefault({}),
  heartbeat: z
    .strictObject({
      url: z.custom<Secret>((value) => value instanceof Secret, 'write a reference, env:NAME or file:PATH'),
      every: duration().default(60),
      allowPrivateAddress: z.boolean().default(false),
    })
    .optional()
    .describe('A URL that is asked again and again while all is well, so that somebody notices when Tocsin dies.'),
  retention: z
    .strictObject({ findings: duration().default(365 * 86_400), messages: duration().default(90 * 86_400) })
    .prefault({}),
})

export type ConfigFile = z.output<typeof configSchema>
export type MatcherChoice = z.output<typeof matcher>
