import {
  type AbiEvent,
  type AbiParameter,
  concatHex,
  decodeEventLog,
  encodeAbiParameters,
  parseAbiItem,
  parseAbiParameters,
  toEventSelector,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { filesOf, hasCorpus, readCorpus } from '../../../test/harness/corpus.ts'
import { mainnetEvents } from '../../../test/harness/mainnetEvents.ts'
import type { RpcReceipt } from '../../../test/harness/node/rpcTypes.ts'
import { comparable, plainValues } from '../../../test/harness/viemValues.ts'
import type { Hex } from '../../model/chain.ts'
import { type CompiledEvent, compileEvent } from './compileEvent.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'

type SomeLog = { topics: Hex[]; data: Hex }

type Pair = { abi: AbiEvent; compiled: CompiledEvent }

function* logsOfCorpus(): Generator<SomeLog> {
  for (const file of filesOf('receipts')) {
    for (const { logs } of readCorpus<{ receipts: RpcReceipt[] }>(file).receipts) yield* logs
  }
}

function pairOf(inputs: readonly (AbiParameter & { indexed: boolean })[], anonymous = false): Pair {
  const abi: AbiEvent = { type: 'event', name: 'Any', inputs, anonymous }
  return { abi, compiled: compileEvent(abi) }
}

/** Every choice of so many out of so many, as lists of places. */
function choices(count: number, from: number, start = 0): number[][] {
  if (count === 0) return [[]]
  const places = Array.from({ length: Math.max(0, from - start) }, (_, place) => start + place)
  return places.flatMap((place) => choices(count - 1, from, place + 1).map((rest) => [place, ...rest]))
}

const signatures = new Map(
  mainnetEvents.map((signature) => {
    const { inputs } = parseAbiItem(`event ${signature}` as string) as AbiEvent
    return [toEventSelector(signature), inputs]
  }),
)

/** What the event of a log may be, by its signature: whichever of its parameters are indexed. */
function knownEvents({ topics }: SomeLog): Pair[] {
  const inputs = signatures.get(topics[0]!)
  if (!inputs) return []
  return choices(topics.length - 1, inputs.length).map((indexed) => {
    const marked = inputs.map((input, place) => ({ ...input, indexed: indexed.includes(place) }))
    return pairOf(marked)
  })
}

const parameterOf = (text: string) => parseAbiParameters(text)[0] as AbiParameter
const topicTypes = ['bytes32', 'address', 'uint256', 'bool', 'int24', 'uint8', 'bytes4', 'string', 'uint256[]'].map(
  parameterOf,
)
const wordTypes = ['uint256', 'int256', 'bytes32', 'address', 'bool', 'uint112', 'int24', 'uint8', 'bytes4'].map(
  parameterOf,
)
const dynamicTypes = [
  ...['bytes', 'string', 'uint256[]', 'address[]', 'bytes32[]', 'bytes[]', 'string[]', 'uint8[2][]', 'uint256[][]'],
  ...['(uint256, bytes)', '(uint8, address, uint256, uint256)[]', '(uint8, address, uint256, uint256, address)[]'],
].map(parameterOf)

const wordsMax = 48

/** How the data of a log may be laid out: as words, with an offset where one may stand, or as one value. */
function layoutsOf({ data }: SomeLog): AbiParameter[][] {
  const size = (data.length - 2) / 2
  const words = Array.from({ length: Math.min(size >> 5, wordsMax) }, (_, place) =>
    BigInt(`0x${data.slice(2 + 64 * place, 66 + 64 * place)}`),
  )
  if (words.length === 0) return [...topicTypes.map(() => []), [parameterOf('bytes')], [parameterOf('uint256')]]
  const isOffset = (word: bigint) => word >= 32n && word < size && word % 32n === 0n
  const ends = words.filter(isOffset).map((word) => Number(word / 32n))
  const heads = words.slice(0, Math.min(words.length, ...ends))
  const uint = parameterOf('uint256')
  return [
    ...wordTypes.map((type) => words.map(() => type)),
    ...(ends.length > 0 ? dynamicTypes.map((type) => heads.map((word) => (isOffset(word) ? type : uint))) : []),
    ...[`uint256[${words.length}]`, `(${words.map(() => 'bytes32').join()})`, 'bytes', 'string'].map((type) => [
      parameterOf(type),
    ]),
    [...words.map(() => uint), uint],
  ]
}

const compiledEvents = new Map<string, Pair>()

/** Events made up to have the shape of the log, plain and anonymous. */
function* eventsOfItsShape(log: SomeLog): Generator<Pair> {
  const layouts = layoutsOf(log)
  for (const [place, layout] of layouts.entries()) {
    for (const anonymous of [false, true]) {
      const indexed = log.topics.slice(anonymous ? 0 : 1)
      const inTopics = indexed.map(() => topicTypes[place % topicTypes.length]!)
      const types = [
        ...inTopics.map((type) => ({ ...type, indexed: true })),
        ...layout.map((type) => ({ ...type, indexed: false })),
      ]
      const key = JSON.stringify([anonymous, types])
      const pair = compiledEvents.get(key) ?? pairOf(types, anonymous)
      compiledEvents.set(key, pair)
      yield pair
    }
  }
}

function readOurs({ compiled }: Pair, { topics, data }: SomeLog): Value[] | null {
  try {
    return compiled.decode({ topics, data })
  } catch (error) {
    if (error instanceof UndecodableError) return null
    throw error
  }
}

function readTheirs({ abi, compiled }: Pair, { topics, data }: SomeLog): Value[] | null {
  try {
    const given = abi.anonymous ? topics : [compiled.topic0, ...topics.slice(1)]
    const { args } = decodeEventLog({ abi: [abi], topics: given as [Hex, ...Hex[]], data })
    return plainValues(compiled.parameters, Object.values(args ?? []))
  } catch {
    return null
  }
}

/** viem cuts down a word that does not fit its type, which no contract takes: then it would write another word. */
function isExact({ abi, compiled }: Pair, { topics, data }: SomeLog, values: readonly Value[]): boolean {
  const written = (indexed: boolean) => {
    const places = abi.inputs.flatMap((input, place) => (input.indexed === indexed ? [place] : []))
    const types = places.map((place) => compiled.parameters[place]!)
    return encodeAbiParameters(
      types,
      places.map((place) => values[place]),
    )
  }
  try {
    return concatHex(abi.anonymous ? topics : topics.slice(1)) === written(true) && data.startsWith(written(false))
  } catch {
    return false
  }
}

type Tally = { read: number; refused: number }

/**
 * Compares our reading of a log with viem's.
 * @returns Whether it can be read.
 */
function compare(pair: Pair, log: SomeLog, tally: Tally): boolean {
  const [ours, theirs] = [readOurs(pair, log), readTheirs(pair, log)]
  // Behind each value viem wants one more byte to stand on, also where it has read all that it needs.
  const read = ours && (theirs ?? readTheirs(pair, { ...log, data: `${log.data}00` }))
  const isSame = ours ? read && comparable(ours) === comparable(read) : !(theirs && isExact(pair, log, theirs))
  if (!isSame) {
    const event = JSON.stringify(pair.abi)
    expect.fail(`${event} reads ${JSON.stringify(log)} as ${ours}, and by viem as ${theirs}`)
  }
  tally[ours ? 'read' : 'refused']++
  return ours !== null
}

describe.skipIf(!hasCorpus)('every log of recorded mainnet blocks is read as viem reads it', () => {
  test('under the events that are known, whatever of them is indexed', () => {
    const tally: Tally = { read: 0, refused: 0 }
    let logs = 0
    for (const log of logsOfCorpus()) {
      const pairs = knownEvents(log)
      if (pairs.length === 0) continue
      const readings = pairs.map((pair) => compare(pair, log, tally))
      expect(readings, log.topics[0]).toContain(true)
      logs++
    }
    expect({ logs, ...tally }).toEqual({ logs: 1513, read: 5485, refused: 1093 })
  })

  test('under events made up to have its shape, anonymous ones too', () => {
    const tally: Tally = { read: 0, refused: 0 }
    let logs = 0
    for (const log of logsOfCorpus()) {
      const readings = [...eventsOfItsShape(log)].map((pair) => compare(pair, log, tally))
      expect(readings, log.topics[0]).toContain(true)
      logs++
    }
    expect({ logs, ...tally }).toEqual({ logs: 1786, read: 15_797, refused: 35_663 })
  })
})
