import { getAddress } from 'viem/utils'
import { Document, isScalar, visit } from 'yaml'
import { plainText } from '../../lib/plainText.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { describeFacts } from '../facts/describeFacts.ts'
import { isFollowed } from '../facts/isFollowed.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { standardSignatures } from '../facts/standardSignatures.ts'
import type { Proposal } from './proposal.ts'
import type { TokenPrices } from './proposeTokenPrices.ts'

type ToRender = {
  chain: { name: string; id: number }
  /** Where the RPC URL comes from, such as `env:RPC_URL`. */
  rpc: string
  /** Path or URL of the schema, for editors. */
  schema: string | null
  block: number
  contracts: readonly NamedFacts[]
  prices: TokenPrices
  proposals: readonly Proposal[]
}

/** The text of a config, with its reasons as comments. */
export function renderConfig({ chain, rpc, schema, block, contracts, prices, proposals }: ToRender): string {
  const names = new Map(contracts.map(({ facts, name }) => [facts.address as string, name]))
  return [
    ...(schema === null ? [] : [`# yaml-language-server: $schema=${schema}`]),
    `# Proposed by \`tocsin init\` from what ${chain.name} showed at block ${block}. It is yours now: change what does not fit.`,
    '',
    'protocol: My protocol # its name, as people will read it in every message',
    '',
    'chains:',
    `  # The URL stands in ${rpc}, as it may hold a key. Add a second provider: [${rpc}, env:RPC_URL_2].`,
    indented(yamlOf({ [chain.name]: { id: chain.id, rpc: [rpc], ...pricesOf(prices.native) } })),
    '',
    'contracts:',
    ...contracts.map((contract) => renderContract(contract, names, prices.tokens.get(contract.name))),
    'monitors:',
    ...proposals.map(renderProposal),
    ...(proposals.some(({ use }) => use === 'attack-signs') ? [onePage] : []),
    people,
  ].join('\n')
}

/** Sources of prices, where there are any. */
const pricesOf = (prices: readonly unknown[] = []) => (prices.length > 0 ? { prices } : {})

function renderContract(
  { name, kind, role, facts, pointers }: NamedFacts,
  names: ReadonlyMap<string, string>,
  prices: readonly object[] | undefined,
): string {
  const abi = standardSignatures(facts)
  const { source, sourceDoubt, proxy } = facts
  const file = `./${abiFileOf(name)}`
  const entry = {
    address: getAddress(facts.address),
    ...(kind === null ? {} : { kind }),
    ...(role === 'dependency' ? { role } : {}),
    ...pricesOf(prices),
    ...(source && !proxy ? { abi: file } : abi.length > 0 ? { abi } : {}),
    ...(source && proxy ? { implementations: { [getAddress(source.of)]: file } } : {}),
  }
  const whys = Object.values(facts).flatMap((fact) =>
    fact !== null && typeof fact === 'object' && 'why' in fact ? [fact.why] : [],
  )
  const because = whys.length > 0 ? ` What shows it: ${whys.join('; ')}.` : ''
  const what = comment(`${capital(describeFacts(facts))}.${because}`)
  const ties = pointers.map(({ from, where }) => `${names.get(from)} (${where})`)
  const tied = role === 'dependency' && ties.length > 0 ? [comment(`Named by ${ties.join(', ')}.`)] : []
  const doubt = sourceDoubt ? [comment(`Its source is not used: ${sourceDoubt}.`)] : []
  const advice = source ? [] : ownAbi(facts, abi)
  const bridged = facts.bridge ? bridgeAdvice(name, facts.bridge).map(comment) : []
  const priced = prices ? [comment(priceAdvice(prices))] : []
  return `${[what, ...tied, ...doubt, ...advice, ...bridged, ...priced].join('\n')}\n${indented(yamlOf({ [name]: entry }))}\n`
}

/** What only somebody knows who sees both chains. */
function bridgeAdvice(name: string, { other, getter, kind }: NonNullable<ContractFacts['bridge']>): string[] {
  const [here, there] =
    kind === 'token'
      ? [`released: { contract: $${name}, supply: true }`, '`locked: { contract: $ESCROW, holds: $TOKEN }`']
      : [`locked: { contract: $${name}, holds: $TOKEN }`, '`released: { contract: $TOKEN_THERE, supply: true }`']
  return [
    `It is one side of a bridge: the other is ${getAddress(other)} on another chain, as ${getter} says.`,
    `To have both compared, add that chain and its contracts, and a monitor with \`use: bridge-conservation\`, \`${here}\` and ${there}.`,
  ]
}

function priceAdvice(prices: readonly object[]): string {
  if (!prices.some((each) => 'in' in each))
    return 'Its price is taken from what bears its name; look whether that is so.'
  const others = prices.length > 1 ? ', then from what bears its name' : ''
  return `Its price is taken from the oracle that the protocol uses${others}; look whether it is one in dollars.`
}

/** Where the ABI of a contract lies, from the config. */
export const abiFileOf = (name: string): string => `abi/${name}.json`

/** How to add what the chain does not tell: the ABI of the contract itself. */
function ownAbi({ form, proxy }: ContractFacts, known: readonly string[]): string[] {
  if (proxy?.implementation && isFollowed(proxy)) {
    const place = `implementations: { "${getAddress(proxy.implementation)}": ./abi/NAME.json }`
    return [`  # For rules about its own events and calls, add the ABI of what it runs now: \`${place}\`.`]
  }
  if (form !== 'contract' || known.length > 0) return []
  return ['  # For rules about its own events and calls, add its ABI: `abi: ./abi/NAME.json`.']
}

function renderProposal({ name, use, on, when, severity, options, why }: Proposal): string {
  const entry = {
    use,
    on: on.length === 1 ? on[0] : on,
    ...(when === undefined ? {} : { when }),
    ...(severity === undefined ? {} : { severity }),
    ...(options === undefined ? {} : { options }),
  }
  const reasons = why.map((line, index) => comment(index === 0 ? `why: ${line}` : `     ${line}`))
  return `${reasons.join('\n')}\n${indented(yamlOf({ [name]: entry }))}\n`
}

const lineMax = 600

function comment(text: string): string {
  const leading = /^ */.exec(text)![0]
  return `  # ${leading}${plainText(text, lineMax)}`
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

const indented = (text: string) => text.trimEnd().replaceAll(/^/gm, '  ')

/** Lists of names on one line, one signature to a line. */
function yamlOf(value: unknown): string {
  const document = new Document(value)
  visit(document, {
    Seq(_, sequence) {
      const isLong = sequence.items.some((item) => isScalar(item) && String(item.value).includes(' '))
      sequence.flow = !isLong
    },
    Pair(_, { key, value: windows }) {
      if (isScalar(key) && key.value === 'windows' && windows && typeof windows === 'object')
        Object.assign(windows, { flow: true })
    },
  })
  return document.toString({ lineWidth: 0 })
}

const onePage = `# One attack, one page: who is told of the signs of an attack is not told of each sign in the same transaction.
inhibit:
  - when: { detector: attack-signs }
    mute: { severity: [info, low, medium, high, critical] }
    equal: [transaction]
  # Nor of what is less grave in a transaction that is critical; all of it stands in the console.
  - when: { severity: critical }
    mute: { severity: [info, low, medium, high] }
    equal: [transaction]
  # What does not hold any more since the very block of it is what it did.
  - when: { severity: critical }
    mute: { detector: [state, backing, oracle-jump] }
    equal: [contract, block]
`

const people = `# Who is told. Until there is a channel, alerts stand in the console only. Kinds of channels and their options:
# slack, discord, telegram, email, pagerduty, webhook. Try one with \`tocsin test-message ops\`.
# channels:
#   ops: { use: slack, options: { url: env:SLACK_URL } }
# routes:
#   - { match: { severity: ">=high" }, notify: [ops] }

# Your own rules look like this, with the names of your ABI:
#   big-withdrawal:
#     use: expression
#     on: vault
#     when: event Withdraw if assets > 1_000_000e6 and receiver != $safe
`
