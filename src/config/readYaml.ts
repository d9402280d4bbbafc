import { dirname } from 'node:path'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml'
import { KnownError } from '../model/error.ts'
import { Secret } from '../model/secret.ts'
import { alignText } from './alignText.ts'
import { dereference, isReference } from './dereference.ts'
import { excerpt, type Range } from './excerpt.ts'
import type { Place, Problem } from './problem.ts'
import { readTextFile } from './readTextFile.ts'

export type Path = readonly PropertyKey[]

/** A YAML file as data, with references resolved to secrets, and a way back from the data to its place. */
export type YamlFile = {
  /** Undefined: nothing of it could be read. */
  value: unknown
  problems: Problem[]
  /** Where the value at a path stands, or its key; the nearest parent where there is none. */
  placeOf(path: Path, of?: 'value' | 'key'): Place
  /** Where a part of the text at a path stands, by its offset in that text. */
  placeWithin(path: Path, part: { offset: number; length: number }): Place
}

const bytesMax = 1024 * 1024
/** Values in a config, those that an alias repeats counted each time. */
const valuesMax = 100_000
const depthMax = 50

/** @throws {KnownError} The file cannot be read. */
export function readYaml(file: string, env: NodeJS.ProcessEnv): YamlFile {
  const read = readTextFile(file, bytesMax)
  if ('fault' in read) {
    throw new KnownError('not_found', `The config ${file} ${read.fault}.`, {
      hints: ['Write one with `tocsin init ADDRESS --rpc URL`, or name another with --config FILE.'],
    })
  }
  const { text } = read
  const lines = new LineCounter()
  const place = (range: Range, hidden: readonly Range[] = []): Place => {
    const { line, col } = lines.linePos(range.from)
    return { line, column: col, excerpt: excerpt(text, range, hidden) }
  }
  const parsed = parse(text, lines)
  if ('fault' in parsed) return unreadable([{ line: 1, column: 1, message: parsed.fault }])
  const { document } = parsed
  const syntax = [...document.errors, ...document.warnings].map(({ pos, message, code }) => {
    const from = Math.min(pos[0], text.length)
    // Of a name that stands twice only the first letter is told.
    const to = code === 'DUPLICATE_KEY' ? from + nameAt(text, from).length : pos[1]
    return { ...place({ from, to }), ...syntaxWords(code, message, text.slice(from, to)) }
  })
  if (syntax.length > 0) return unreadable(firstOfEachLine(syntax))

  const data = toData(document, dirname(file), env)
  const problems = data.problems.map(({ range, ...problem }) => ({ ...place(range, data.hidden), ...problem }))
  return {
    value: data.value,
    problems,
    placeOf: (path, of) => place(rangeOf(document, path, of ?? 'value'), data.hidden),
    placeWithin(path, part) {
      const node = nodeAt(document, path)
      if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return this.placeOf(path)
      const [offset, end] = node.range
      const range = alignText({ source: text.slice(offset, end), offset, value: node.value }, part)
      return range ? place(range, data.hidden) : this.placeOf(path)
    },
  }
}

/** A key as it is written, without its colon. */
const nameAt = (text: string, from: number): string =>
  /^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]*)/.exec(text.slice(from, from + 200))![0].trimEnd()

function unreadable(problems: Problem[]): YamlFile {
  const place = (): Place => ({ line: 1, column: 1 })
  return { value: undefined, problems, placeOf: place, placeWithin: place }
}

function parse(text: string, lines: LineCounter): { document: Document.Parsed } | { fault: string } {
  try {
    return { document: parseDocument(text, { lineCounter: lines, intAsBigInt: true, prettyErrors: false }) }
  } catch (error) {
    // Too many brackets within each other for the parser.
    if (error instanceof RangeError) return { fault: tooDeep }
    throw error
  }
}

const tooDeep = `The file is nested more than ${depthMax} levels deep.`

function syntaxWords(code: string, message: string, source: string): { message: string; hint?: string } {
  if (code === 'DUPLICATE_KEY') return { message: `The name \`${source.slice(0, 80)}\` stands here twice.` }
  if (code === 'TAB_AS_INDENT') return { message: 'A tab cannot indent a line.', hint: 'Use spaces.' }
  if (code === 'MULTIPLE_DOCS') return { message: 'A second document begins here: a config is one.' }
  const words = message.replace(/\s+/g, ' ').replace(/ at line .*$/, '')
  return { message: `This is no YAML: ${words.charAt(0).toLowerCase()}${words.slice(1)}.` }
}

/** What follows from one slip on a line says nothing more. */
function firstOfEachLine(problems: Problem[]): Problem[] {
  return [...Map.groupBy(problems, ({ line }) => line).values()].map(([first]) => first!).slice(0, 20)
}

type Found = { range: Range; message: string; hint?: string }

function toData(document: Document.Parsed, folder: string, env: NodeJS.ProcessEnv) {
  const problems: Found[] = []
  /** Values that may be secrets given in clear, and are shown in no excerpt. */
  const hidden: Range[] = []
  let values = 0

  function convert(node: unknown, path: string[]): unknown {
    if (++values > valuesMax)
      throw new LimitError(
        `The file holds more than ${valuesMax.toLocaleString('en')} values, aliases counted each time.`,
      )
    if (path.length > depthMax) throw new LimitError(tooDeep)
    if (isAlias(node)) {
      const target = node.resolve(document)
      if (!target) problems.push({ range: rangeOfNode(node), message: `There is no anchor \`&${node.source}\`.` })
      return convert(target, [...path, '*'])
    }
    if (isSeq(node)) return node.items.map((item) => convert(item, [...path, '*']))
    if (isMap(node)) {
      return Object.fromEntries(
        node.items.flatMap(({ key, value }) => {
          const name = isScalar(key) && key.value !== null ? String(key.source ?? key.value) : undefined
          if (name !== undefined && name !== '__proto__') return [[name, convert(value, [...path, name])]]
          problems.push({ range: rangeOfNode(key), message: 'This cannot be a name here.' })
          return []
        }),
      )
    }
    return isScalar(node) ? scalar(node, path) : null
  }
  function scalar(node: Scalar, path: string[]): unknown {
    const { value, source } = node
    // An address without quotes is a number to YAML, which would lose its zeros.
    if (typeof value === 'bigint') return /^0x/i.test(source ?? '') ? source : plainNumber(value)
    if (typeof value !== 'string') return value
    if (!isReference(value)) {
      if (mayBeSecret(path)) hidden.push(rangeOfNode(node))
      return value
    }
    const found = dereference(value, folder, env)
    if (found instanceof Secret) return found
    if (found.message.startsWith('After')) hidden.push(rangeOfNode(node))
    problems.push({ range: rangeOfNode(node), ...found })
    return new Secret('', value)
  }
  try {
    return { value: convert(document.contents, []), problems, hidden }
  } catch (error) {
    if (!(error instanceof LimitError)) throw error
    return { value: undefined, problems: [{ range: { from: 0, to: 1 }, message: error.message }], hidden }
  }
}

class LimitError extends Error {}

function mayBeSecret([section, , options]: string[]): boolean {
  return section === 'heartbeat' || (section === 'channels' && options === 'options')
}

function plainNumber(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function rangeOfNode(node: unknown): Range {
  const [from, to] = (isNode(node) ? node.range : null) ?? [0, 1]
  return { from, to }
}

function childOf(document: Document.Parsed, parent: unknown, step: PropertyKey) {
  const node = isAlias(parent) ? parent.resolve(document) : parent
  const pair = isMap(node) ? node.items.find((item) => isPair(item) && keyOf(item.key) === String(step)) : undefined
  return { pair, value: pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined }
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.source ?? key.value) : ''
}

function nodeAt(document: Document.Parsed, path: Path): unknown {
  return path.reduce<unknown>((node, step) => childOf(document, node, step).value, document.contents)
}

/** Of a value; where that is missing or spans many lines, of its key or of the nearest key above it. */
function rangeOf(document: Document.Parsed, path: Path, of: 'value' | 'key'): Range {
  let node: Node | unknown = document.contents
  let range: Range = { ...rangeOfNode(node), to: rangeOfNode(node).from + 1 }
  for (const [depth, step] of path.entries()) {
    const { pair, value } = childOf(document, node, step)
    if (!pair && !isNode(value)) {
      // Such as the only entry of a list that is written as one value.
      if (isScalar(node) && node.value !== null) range = rangeOfNode(node)
      break
    }
    const isLast = depth === path.length - 1
    const isShort = isScalar(value) && value.range && value.value !== null
    if (pair && !(isLast && of === 'value' && isShort)) range = rangeOfNode(pair.key)
    else if (isScalar(value)) range = rangeOfNode(value)
    else if (isNode(value)) range = { from: rangeOfNode(value).from, to: rangeOfNode(value).from + 1 }
    node = value
  }
  return range
}
