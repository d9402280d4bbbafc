import { z } from 'zod'
import { KnownError } from '../../model/error.ts'
import type { RpcCall } from '../rpc/transport.ts'
import { blockPlaces } from './blockPlaces.ts'
import { type BlockRange, holdsNumber, readRanges } from './blockRanges.ts'
import { ofBlock, type Question, questionOf } from './questionOf.ts'
import type { RecordedAnswer, RecordedError, Recording } from './recording.ts'

const linesMax = 1_000_000
const answersMax = 100_000

const number = z.int().min(0).max(1e15)
const header = z.strictObject({
  kind: z.literal('recording'),
  schema: z.literal(1),
  chainId: z.int().positive(),
  from: number,
  to: number,
  lines: z.int().min(0).max(linesMax),
})
const answer = {
  result: z.unknown().optional(),
  error: z
    .strictObject({ code: z.int(), message: z.string().max(1000), data: z.string().max(4096).optional() })
    .optional(),
}
const ranges = z.string().transform((text, context) => {
  const read = readRanges(text)
  if (!read) context.addIssue('must be block numbers such as 6-40,43')
  return read ?? []
})
const line = z.strictObject({
  method: z.string().min(1).max(80),
  params: z.array(z.unknown()).max(16),
  ...answer,
  answers: z
    .array(z.strictObject({ blocks: ranges, ...answer }))
    .max(answersMax)
    .optional(),
})

/**
 * One answer, and the blocks of which it is true: by number, by hash, or of none. As text where it has a line of its own,
 * as whole blocks have: unpacked, all of them would take several times as much memory.
 */
type Told = { at: readonly BlockRange[]; hash: string | null; answer: RecordedAnswer | string }

/**
 * @param name What the file is called.
 * @throws {KnownError} It is none, was cut short, or is of another kind.
 */
export function readRecording(text: string, name: string): Recording {
  const [first = '', ...rest] = text.split('\n', linesMax + 2)
  const told = rest.at(-1) === '' ? rest.slice(0, -1) : rest
  const head = header.safeParse(parsed(first))
  if (!head.success || head.data.to < head.data.from) throw noRecording(name)
  const { chainId, from, to, lines } = head.data
  if (told.length !== lines) throw cutShort(name, lines, told.length)
  const known = new Map<string, Told[]>()
  const blocks: unknown[] = []
  for (const [index, given] of told.entries()) {
    const { key, answers, block } = readLine(given) ?? throwUnreadable(name, index + 2)
    const own = known.get(key) ?? []
    for (const each of answers) own.push(each)
    known.set(key, own)
    if (block) blocks.push(block)
  }
  const { numberOf } = blockPlaces(blocks)
  return {
    ...{ chainId, from, to, numberOf },
    answerTo(call) {
      const { key, blockHash } = questionOf(call)
      const at = blockHash === null ? null : numberOf(blockHash)
      const isMeant = (each: Told) => each.hash === blockHash || (at !== null && holdsNumber(each.at, at))
      const answer = known.get(key)?.find(isMeant)?.answer
      return typeof answer === 'string' ? answerOn(answer) : (answer ?? null)
    },
  }
}

/** `block`: where it stands, if it tells of one. Null: this is no line of a recording. */
function readLine(text: string): { key: string; answers: Told[]; block: object | null } | null {
  const read = line.safeParse(parsed(text))
  const question = read.success ? questionIn(read.data) : null
  if (!read.success || !question) return null
  const { answers, ...own } = read.data
  // Answers of several blocks stand under a question that leaves the block open, and no others do.
  const isOpen = question.params.at(-1) === ofBlock && question.blockHash === null
  if (isOpen !== (answers !== undefined)) return null
  if (!(answers ?? [own]).every(isAnswer)) return null
  const told = answers?.map(({ blocks: at, ...each }): Told => ({ at, hash: noHash, answer: answerOf(each) }))
  return {
    key: question.key,
    answers: told ?? [{ at: [], hash: question.blockHash, answer: text }],
    block: question.method === 'eth_getBlockByNumber' ? whereabouts(own.result) : null,
  }
}

/** As none has. */
const noHash = ''

type Given = { result?: unknown; error?: RecordedError | undefined }

const isAnswer = ({ result, error }: Given): boolean => (result === undefined) !== (error === undefined)

const answerOf = ({ result, error }: Given): RecordedAnswer => (error ? { error } : { result })

/** Of a line that was read before. */
const answerOn = (text: string): RecordedAnswer => answerOf(parsed(text) as Given)

function whereabouts(block: unknown): object | null {
  if (typeof block !== 'object' || block === null) return null
  const { number, hash, parentHash } = block as Record<string, unknown>
  return { number, hash, parentHash }
}

function questionIn(call: RpcCall): Question | null {
  try {
    return questionOf(call)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const again = 'Record the blocks anew with `tocsin record`.'

function noRecording(name: string): KnownError {
  return new KnownError('invalid', `${name} is no recording of a chain that can be read.`, { hints: [again] })
}

function cutShort(name: string, wanted: number, held: number): KnownError {
  return new KnownError('invalid', `${name} should hold ${wanted} lines of answers and holds ${held}.`, {
    hints: [`It was cut short or changed by hand. ${again}`],
  })
}

function throwUnreadable(name: string, number: number): never {
  throw new KnownError('invalid', `Line ${number} of ${name} is no question with its answer.`, { hints: [again] })
}
