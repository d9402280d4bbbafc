import { basename } from 'node:path'
import { defineCommand } from 'citty'
import { openClient } from '../app/openClient.ts'
import { address } from '../config/address.ts'
import { askChainId } from '../discover/facts/askChainId.ts'
import { describeFacts } from '../discover/facts/describeFacts.ts'
import { sourceRepository } from '../discover/find/sourceRepository.ts'
import { drawMap } from '../discover/propose/drawMap.ts'
import type { Address } from '../model/chain.ts'
import { Secret } from '../model/secret.ts'
import { draftConfig } from './draftConfig.ts'
import { UsageError } from './usageError.ts'
import { refuseToWrite, schemaFor, writeChecked, writeFiles } from './writeChecked.ts'

const timeoutMs = 15_000
const addressesMax = 100

export const init = defineCommand({
  meta: { name: 'init', description: 'Looks at contracts and accounts, and writes a config that watches them.' },
  args: {
    'address…': { type: 'positional', required: true, description: 'One or more addresses, all on one chain' },
    rpc: {
      type: 'string',
      required: true,
      valueHint: 'URL',
      description: 'RPC provider of that chain: a URL, or env:NAME where a variable holds it',
    },
    out: { type: 'string', description: 'File to write', default: 'tocsin.yaml', valueHint: 'FILE' },
    chain: {
      type: 'string',
      description: 'Name of the chain in the config. Default: its usual one',
      valueHint: 'NAME',
    },
    sources: {
      type: 'string',
      valueHint: 'DIR|URL',
      description:
        'Where the metadata of verified contracts lies, as Sourcify lays it out: their ABIs are taken from there',
    },
    force: { type: 'boolean', description: 'Overwrite the file if it is there' },
  },
  async run({ args }) {
    const addresses = addressesOf(args._)
    const rpc = rpcOf(args.rpc)
    refuseToWrite(args.out, args.force)
    const sources = args.sources === undefined ? null : sourceRepository(args.sources)
    const id = await askChainId(rpc.reveal(), timeoutMs)
    const chain = { id, name: chainName(args.chain, id) }
    const client = openClient({ id, rpc: [rpc] })
    try {
      const reference = rpc.toString()
      const options = { chain, rpc: reference, schema: schemaFor(args.out), now: new Date(), sources }
      const { header, contracts, left, text, monitors, files } = await draftConfig(client, addresses, options)
      const map = drawMap(contracts, { chain: chain.name, block: header.number })
      const picture = mapFileOf(args.out)
      writeFiles(args.out, new Map([...files, [basename(picture), map]]), args.force)
      writeChecked(args.out, text, { ...process.env, [reference.slice('env:'.length)]: rpc.reveal() })

      say(`${chain.name} (chain ${id}) at ${hostOf(rpc)}, block ${header.number.toLocaleString('en')}\n`)
      for (const { name, role, facts } of contracts) {
        say(
          `  ${name}  ${facts.address}${role === 'dependency' ? '  (a dependency)' : ''}\n      ${describeFacts(facts)}`,
        )
      }
      const bare = contracts.filter(({ role, facts }) => role === 'protected' && facts.form === 'account')
      for (const { name } of bare) say(`  There is no contract at ${name} on this chain: it is watched as an account.`)
      if (left > 0) say(`  They name ${left} more addresses, which were not looked at.`)
      say(`\n${args.out} is written: ${monitors.length} monitors, each with its reason.`)
      say(`${picture} draws who has power over what, and what it relies on: open it in a browser.\n`)
      say(nextSteps(rpc, args.out))
    } finally {
      client.close()
    }
  },
})

/** The map lies beside the config and is called like it. */
const mapFileOf = (out: string) => `${out.replace(/\.ya?ml$/, '')}.svg`

const say = (text: string) => void process.stdout.write(`${text}\n`)

function addressesOf(given: readonly string[]): Address[] {
  const addresses = [...new Set(given.map(addressOf))]
  if (addresses.length <= addressesMax) return addresses
  throw new UsageError(`These are ${addresses.length} addresses, and at most ${addressesMax} can be looked at at once.`)
}

function addressOf(text: string): Address {
  const { data, error } = address.safeParse(text)
  if (data) return data
  throw new UsageError(`"${text.slice(0, 80)}" ${error.issues[0]!.message}.`)
}

/** As a secret, since the URL of a provider usually holds a key. */
function rpcOf(given: string): Secret {
  const variable = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(given)?.[1]
  const url = variable === undefined ? given : process.env[variable]
  if (!url) throw new UsageError(`The environment variable ${variable} is not set.`)
  if (!/^(https?|wss?):$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UsageError('What --rpc gives is no http, https, ws or wss URL.')
  }
  return new Secret(url, variable === undefined ? 'env:RPC_URL' : given)
}

const hostOf = (rpc: Secret) => new URL(rpc.reveal()).host

const chainNames: ReadonlyMap<number, string> = new Map([
  [1, 'mainnet'],
  [10, 'optimism'],
  [56, 'bnb'],
  [100, 'gnosis'],
  [137, 'polygon'],
  [8453, 'base'],
  [31337, 'local'],
  [42161, 'arbitrum'],
  [43114, 'avalanche'],
  [11155111, 'sepolia'],
])

function chainName(given: string | undefined, id: number): string {
  if (given === undefined) return chainNames.get(id) ?? `chain-${id}`
  if (/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(given)) return given
  throw new UsageError(
    `--chain "${given.slice(0, 80)}" is no name: use letters, digits, - and _, and begin with a letter.`,
  )
}

function nextSteps(rpc: Secret, out: string): string {
  const { origin, href } = new URL(rpc.reveal())
  const variable = rpc.toString().slice('env:'.length)
  const shown =
    href === `${origin}/` ? origin : `${origin.replace('null', `${new URL(rpc.reveal()).protocol}//${hostOf(rpc)}`)}/…`
  return [
    'Next:',
    `  1. export ${variable}='${shown}'   # the URL that you gave; it is not in the file, as it may hold a key`,
    `  2. Read ${out}, take out what you do not want, and fill in channels at its end.`,
    `  3. npx tocsin check --config ${out}`,
    `  4. npx tocsin start --config ${out}`,
  ].join('\n')
}
