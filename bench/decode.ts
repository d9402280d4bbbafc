import { deepStrictEqual } from 'node:assert'
import { type AbiEvent, decodeEventLog, encodeAbiParameters, encodeEventTopics, keccak256, parseAbi, toHex } from 'viem'
import { compileEvent } from '../src/evm/abi/compileEvent.ts'
import type { Value } from '../src/evm/abi/value.ts'
import type { Hex } from '../src/model/chain.ts'
import { recordedReceipts } from '../test/harness/corpus.ts'
import { compare, rounded } from './compare.ts'
import type { Bench } from './figure.ts'

const [warmUps, rounds, logsPerRound] = [20, 15, 2000]

type RawLog = { topics: [Hex, ...Hex[]]; data: Hex }

const [transfer, orderFulfilled] = parseAbi([
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'struct SpentItem { uint8 itemType; address token; uint256 identifier; uint256 amount; }',
  'struct ReceivedItem { uint8 itemType; address token; uint256 identifier; uint256 amount; address recipient; }',
  'event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, SpentItem[] offer, ReceivedItem[] consideration)',
])

/** Decoding an event by our compiled decoder and by viem, with an ABI that holds that event alone. */
export const decode: Bench = async function* () {
  yield await ratio('ERC-20 Transfer', transfer, recordedTransfers())
  yield await ratio('Seaport OrderFulfilled', orderFulfilled, madeOrders(200))
}

async function ratio(what: string, event: AbiEvent, logs: readonly RawLog[]) {
  const compiled = compileEvent(event)
  const abi = [event]
  const byViem = ({ topics, data }: RawLog) => decodeEventLog({ abi, topics, data })
  for (const log of logs)
    deepStrictEqual(
      compiled.decode(log),
      event.inputs.map(({ name }) => plain(Reflect.get(byViem(log).args, name!))),
    )

  // Fresh strings for each run, as they come from a node.
  const prepare = (): RawLog[] => {
    const text = JSON.stringify(logs)
    return Array.from({ length: Math.ceil(logsPerRound / logs.length) }, () => JSON.parse(text)).flat()
  }
  const variants = {
    ours: (some: RawLog[]) => some.forEach(compiled.decode),
    viem: (some: RawLog[]) => some.forEach(byViem),
  }
  const took = await compare(variants, { rounds, warmUps, prepare })
  const each = (ms: number) => rounded((ms * 1000) / prepare().length, 3)
  const figure = `${what} decoded, by the rate of viem`
  return {
    figure,
    value: rounded(took.viem / took.ours, 1),
    unit: 'ratio',
    ours: `${each(took.ours)} µs`,
    viem: `${each(took.viem)} µs`,
  }
}

/** viem's answer in our form: numbers as bigint, addresses in lower case, tuples by position. */
function plain(value: unknown): Value {
  if (typeof value === 'number') return BigInt(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) return Object.values(value).map(plain)
  return typeof value === 'string' ? value.toLowerCase() : (value as Value)
}

function recordedTransfers(): RawLog[] {
  const [topic] = encodeEventTopics({ abi: [transfer] })
  const logs = recordedReceipts().flatMap(({ receipts }) => receipts.flatMap((receipt) => receipt.logs))
  return logs
    .filter(({ topics }) => topics[0] === topic && topics.length === 3)
    .map(({ topics, data }) => ({ topics: topics as [Hex, ...Hex[]], data }))
}

/** Sales of one token for ether, with a fee or two, as most orders are. */
function madeOrders(count: number): RawLog[] {
  return Array.from({ length: count }, (_, number) => {
    const hash = keccak256(toHex(number))
    const address = (of: string) => keccak256(toHex(`${of} ${number}`)).slice(0, 42) as Hex
    const offer = [{ itemType: 2, token: address('token'), identifier: BigInt(hash), amount: 1n }]
    const consideration = Array.from({ length: 2 + (number % 2) }, (_, place) => ({
      itemType: 0,
      token: address('zero'),
      identifier: 0n,
      amount: BigInt(number) * 10n ** 15n,
      recipient: address(`recipient ${place}`),
    }))
    const plainInputs = orderFulfilled.inputs.filter((input) => !('indexed' in input && input.indexed))
    const topics = encodeEventTopics({
      abi: [orderFulfilled],
      args: { offerer: address('offerer'), zone: address('zone') },
    })
    const data = encodeAbiParameters(plainInputs, [hash, address('buyer'), offer, consideration])
    return { topics: topics as [Hex, ...Hex[]], data }
  })
}
