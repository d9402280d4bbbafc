import { z } from 'zod'
import { tokenPrice } from '../detectors/prices/tokenPrice.ts'
import { duration } from '../model/duration.ts'
import { commonGrounds } from '../model/route.ts'
import { Secret, secret } from '../model/secret.ts'
import { severities } from '../model/severity.ts'
import { address } from './address.ts'
import { matcherSchema, oneOrMore } from './matcherSchema.ts'
import { kebabName, name } from './names.ts'

const rpcUrl = z
  .union(
    [z.string(), z.custom<Secret>((value) => value instanceof Secret).meta({ secret: true })],
    'must be a URL, or env:NAME',
  )
  .transform((given) => (given instanceof Secret ? given : new Secret(given, '(in the config)')))
  .refine((url) => /^(https?|wss?):$/.test(URL.parse(url.reveal())?.protocol ?? ''), 'is no http, https, ws or wss URL')

const prices = z.array(tokenPrice).min(1).max(8)

const never = z.literal('never').transform(() => null)

export const chainSchema = z.strictObject({
  id: z.int().positive().describe('Chain id, such as 1 for Ethereum.'),
  rpc: oneOrMore(rpcUrl).describe(
    'URLs of RPC providers, best by reference (`env:NAME`). The first that does well is asked.',
  ),
  confirmations: z
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe('Later blocks after which an alert counts as confirmed. Default: what is usual on that chain, else 2.'),
  finalityDepth: z
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe('Depth at which a block counts as final, where the provider does not tell.'),
  quorum: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('How many providers must give the same hash of a block before what was found in it is confirmed.'),
  verify: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .describe(
      'Whether the hashes of blocks are recomputed. `auto`: what can be proved on this chain is learnt from its blocks, and must hold from then on. `always`: all of it must hold from the first block on.',
    ),
  headerFields: z
    .array(
      z.string().regex(/^#?[A-Za-z][A-Za-z0-9]{0,63}$/, 'must be the name of a field, with # before that of a number'),
    )
    .max(16)
    .default([])
    .describe(
      'Fields that this chain appends to the header of Ethereum, in the order in which it hashes them; `#` before the name of a number.',
    ),
  startAt: z
    .union([z.int().min(0), z.literal('latest')], 'must be the number of a block, or latest')
    .default('latest')
    .describe('First block, when nothing was watched yet.'),
  lookBack: z
    .int()
    .min(0)
    .max(100_000)
    .default(1000)
    .describe(
      'How many blocks before its first one a new monitor is shown, for half a minute at most, to learn what is usual; what happened there is told to nobody.',
    ),
  poll: duration().optional().describe('How often to look for a new block. Default: every second.'),
  blindAfter: duration()
    .prefault('1m')
    .describe('How long the chain or a monitor may go unseen before people are told.'),
  staleAfter: duration()
    .prefault('10m')
    .describe('How long the chain may stand still before that counts as not being seen.'),
  explorer: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://etherscan.io' })
    .optional()
    .describe('Block explorer for links, such as `https://etherscan.io`. Default: that of a chain that Tocsin knows.'),
  prices: prices.optional().describe('Where the price of its own coin in dollars comes from, best first.'),
})

const abi = z.union([z.string(), z.array(z.unknown()).max(5000)], 'must be the path of a file, or a list of signatures')

export const contractSchema = z.strictObject({
  chain: kebabName.optional().describe('Name of its chain; may be left out where there is only one.'),
  address: address.describe('Its address.'),
  abi: abi
    .optional()
    .describe('Path of a JSON file (an ABI or an artifact), or a list of signatures such as `event Paused(address)`.'),
  implementations: z
    .record(address, abi)
    .refine((given) => Object.keys(given).length <= 100, 'must not name more than 100')
    .optional()
    .describe(
      'For a proxy: the ABI of each implementation, by its address. Rules go by the one that stood behind the proxy then; `abi` stands for all others.',
    ),
  kind: z
    .string()
    .max(64)
    .optional()
    .describe('Such as `erc20`, `safe`, `governor`; `account` for an address without code.'),
  role: z
    .enum(['protected', 'dependency'])
    .default('protected')
    .describe('`protected`: yours. `dependency`: what yours rely on; monitors watch it only where they name it.'),
  prices: prices
    .optional()
    .describe(
      'Of a token: where its price in dollars comes from, best first: the oracle of the protocol, a feed, a mean over time of a pool. Read at the end of the block before, so that nothing in a block makes its own prices.',
    ),
})

export const monitorSchema = z.strictObject({
  use: z.string().describe('Id of the detector.'),
  on: oneOrMore(name).optional().describe('Contracts that it watches. Default: all that are protected.'),
  when: z.string().optional().describe('The rule, for detectors that take one.'),
  severity: z.enum(severities).optional().describe("Default: the detector's."),
  mode: z
    .enum(['active', 'shadow', 'off'])
    .default('active')
    .describe('`shadow`: its findings are stored and shown, and nobody is told. `off`: it does not run.'),
  resolveAfter: z
    .union([duration(), never], 'must be a number and a unit, such as 30m or 1h, or never')
    .optional()
    .describe('Overrides `alerts.resolveAfter` for this monitor.'),
  options: z.record(z.string(), z.unknown()).default({}).describe('What the detector itself takes.'),
})

export const channelSchema = z.strictObject({
  use: z.string().describe('Id of the kind of channel.'),
  options: z.record(z.string(), z.unknown()).default({}).describe('What the kind of channel itself takes.'),
})

export const routeSchema = z.strictObject({
  match: matcherSchema.default({}).describe('Which alerts; left out, all.'),
  notify: oneOrMore(kebabName).describe('Channels.'),
})

export const inhibitionSchema = z.strictObject({
  when: matcherSchema.describe('While people know of an alert like this …'),
  mute: matcherSchema.describe('… they are not told of alerts like these …'),
  equal: z
    .array(z.enum(commonGrounds))
    .default(['contract', 'chain'])
    .describe(
      '… that have these in common. `block`: they were first seen in the same one, as what has no transaction of its own.',
    ),
})

/** The config file. Options of detectors and channels are checked by their own schemas. */
export const configSchema = z.strictObject({
  protocol: z.string().min(1).max(100).default('This protocol').describe('What is watched, in the words of people.'),
  chains: z.record(kebabName, chainSchema).describe('Chains, by a name of your choice.'),
  contracts: z
    .record(name, contractSchema)
    .describe('Contracts and accounts, by the name that stands for them in rules (`$name`) and messages.'),
  monitors: z
    .record(kebabName, monitorSchema)
    .optional()
    .describe('Detectors put to work. Left out: the default monitors.'),
  channels: z.record(kebabName, channelSchema).default({}).describe('Ways to people.'),
  routes: z
    .array(routeSchema)
    .optional()
    .describe(
      'Who is told of what; every route that matches counts. Left out: every channel hears of `low` and above.',
    ),
  inhibit: z.array(inhibitionSchema).default([]).describe('What need not be told while something graver fires.'),
  alerts: z
    .strictObject({
      resolveAfter: z
        .union([duration(), never], 'must be a number and a unit, such as 30m or 1h, or never')
        .prefault('1h')
        .describe(
          'Time of the chain without a new finding after which an alert resolves; or `never`. It does not hold for `state` and `absence`, which say themselves when it is over.',
        ),
      updateEvery: duration()
        .prefault('5m')
        .describe('What joins an alert is told together, at most this often. What is graver is told at once.'),
    })
    .prefault({})
    .describe('How alerts live.'),
  console: z
    .strictObject({ port: z.int().min(0).max(65_535).default(8080).describe('0: any free port.') })
    .prefault({})
    .describe('The console, on 127.0.0.1.'),
  heartbeat: z
    .strictObject({
      url: secret().describe('What is asked, with GET.'),
      every: duration().prefault('1m').describe('How often.'),
      allowPrivateAddress: z
        .boolean()
        .default(false)
        .describe('Allows a host in a private network or on this machine.'),
    })
    .optional()
    .describe('A URL that is asked again and again while all is well, so that somebody notices when Tocsin dies.'),
  retention: z
    .strictObject({
      findings: duration().prefault('365d').describe('Resolved alerts and their findings.'),
      messages: duration().prefault('90d').describe('Messages that were sent or given up.'),
    })
    .prefault({})
    .describe('How long is kept what is over. What belongs to an open alert stays.'),
})

export type ConfigFile = z.output<typeof configSchema>
