import { type BlockPlaces, blockPlaces, type Place } from './blockPlaces.ts'
import { writeRanges } from './blockRanges.ts'
import { ofBlock, type Question } from './questionOf.ts'
import type { RecordingHeader } from './recording.ts'

/** All answers to one question, as JSON, by the hash of the block that it was asked of; '': of none. */
export type Asked = Pick<Question, 'method' | 'params'> & { answers: Map<string, string> }

type Line = { place: Place | null; method: string; text: string }

/**
 * The text of a recording: JSON, one question a line, in an order that depends on nothing but what was asked: block by
 * block, then what was asked of the state. Equal answers to a question stand once, with the blocks that they are of.
 */
export function writeRecording(
  where: Pick<RecordingHeader, 'chainId' | 'from' | 'to'>,
  asked: readonly Asked[],
): string {
  const blocks = asked.filter(({ method }) => method === 'eth_getBlockByNumber')
  const places = blockPlaces(blocks.flatMap(({ answers }) => [...answers.values()].map(resultIn)))
  const lines = asked
    .flatMap((each) => linesOf(each, places))
    .sort((a, b) => comparePlaces(a.place, b.place) || byMethod(a.method, b.method) || (a.text < b.text ? -1 : 1))
  const header: RecordingHeader = { kind: 'recording', schema: 1, ...where, lines: lines.length }
  return [JSON.stringify(header), ...lines.map(({ text }) => text), ''].join('\n')
}

const resultIn = (answer: string): unknown => (JSON.parse(answer) as { result?: unknown }).result

/** One line; more, where a block was asked of that has no number, as it stands nowhere in the recording. */
function linesOf({ method, params, answers }: Asked, places: BlockPlaces): Line[] {
  const byText = new Map<string, number[]>()
  const lines: Line[] = []
  for (const [hash, answer] of answers) {
    const number = hash === '' ? null : places.numberOf(hash)
    if (number === null) {
      const whole = hash === '' ? params : params.with(params.indexOf(ofBlock), { blockHash: hash })
      lines.push({ place: placeOf(method, params, places), method, text: lineText(method, whole, answer.slice(1, -1)) })
    } else {
      const numbers = byText.get(answer) ?? []
      numbers.push(number)
      byText.set(answer, numbers)
    }
  }
  if (byText.size === 0) return lines
  for (const numbers of byText.values()) numbers.sort((a, b) => a - b)
  const parts = [...byText]
    .sort(([, [a = 0]], [, [b = 0]]) => a - b)
    .map(([answer, numbers]) => `{"blocks":"${writeRanges(numbers)}",${answer.slice(1)}`)
  return [...lines, { place: null, method, text: lineText(method, params, `"answers":[${parts.join(',')}]`) }]
}

const lineText = (method: string, params: readonly unknown[], rest: string): string =>
  `{"method":${JSON.stringify(method)},"params":${JSON.stringify(params)},${rest}}`

/** Of a question about a block or a transaction itself. */
function placeOf(method: string, [first]: readonly unknown[], places: BlockPlaces): Place | null {
  if (typeof first !== 'string') return null
  const isNumber = method === 'eth_getBlockByNumber' || method === 'trace_block'
  return isNumber ? { number: Number(first), index: -1 } : places.placeOf(first)
}

/** What stands nowhere comes last. */
function comparePlaces(a: Place | null, b: Place | null): number {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1)
  return a.number - b.number || a.index - b.index
}

/** The block itself before what is asked about it. */
function byMethod(a: string, b: string): number {
  const rank = (method: string) => (method === 'eth_getBlockByNumber' ? '' : method)
  return rank(a) === rank(b) ? 0 : rank(a) < rank(b) ? -1 : 1
}
