import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { KnownError } from '../model/error.ts'
import { Secret } from '../model/secret.ts'
import type { Problem } from './problem.ts'

export type Path = readonly PropertyKey[]

/** A YAML file as data, with references resolved to secrets, and a way back from the data to its place. */
export type YamlFile = {
  value: unknown
  problems: Problem[]
  /** Where the value at a path stands, or its key; the nearest parent where there is none. */
  placeOf(path: Path, of?: 'value' | 'key'): { line: number; column: number }
}

const bytesMax = 1024 * 1024
const aliasesMax = 100

/** @throws {KnownError} The file cannot be read. */
export function readYaml(file: string, env: NodeJS.ProcessEnv): YamlFile {
  const text = readText(file)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, intAsBigInt: true, prettyErrors: false })
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems: Problem[] = document.errors.map(({ pos, message, code }) => ({
    ...position(pos[0]),
    message: code === 'DUPLICATE_KEY' ? 'This name stands here twice.' : `This is no YAML: ${message}.`,
  }))
  if (problems.length > 0) return { value: undefined, problems, placeOf: () => ({ line: 1, column: 1 }) }

  let aliases = 0
  function toData(node: unknown): unknown {
    if (isAlias(node)) return ++aliases > aliasesMax ? undefined : toData(node.resolve(document))
    if (isSeq(node)) return node.items.map(toData)
    if (isMap(node)) return Object.fromEntries(node.items.map((pair) => [String(pair.key), toData(pair.value)]))
    return isScalar(node) ? scalar(node) : null
  }
  function scalar(node: Node & { value: unknown; source?: string }): unknown {
    const { value, source } = node
    // An address without quotes is a number to YAML, which would lose its zeros.
    if (typeof value === 'bigint') return /^0x/i.test(source ?? '') ? source : plainNumber(value)
    if (typeof value !== 'string' || !/^(env|file):/.test(value)) return value
    const found = dereference(value, dirname(file), env)
    if (found instanceof Secret) return found
    problems.push({ ...position(node.range?.[0] ?? 0), ...found })
    return new Secret('', value)
  }

  function placeOf(path: Path, of: 'value' | 'key' = 'value'): { line: number; column: number } {
    let node: unknown = document.contents
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(document)
      const pair = isMap(node)
        ? node.items.find((item) => isPair(item) && String(item.key) === String(step))
        : undefined
      const next = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined
      const target = pair && (of === 'key' || !next) && depth === path.length - 1 ? pair.key : next
      if (!isNode(target)) break
      offset = target.range?.[0] ?? offset
      node = next
    }
    return position(offset)
  }
  return { value: toData(document.contents), problems, placeOf }
}

function plainNumber(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file)
    if (bytes.length <= bytesMax) return bytes.toString('utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new KnownError('not_found', `The config ${file} cannot be read (${reason}).`, {
      cause,
      hints: ['Write one with `tocsin init ADDRESS --rpc URL`, or name another with --config FILE.'],
    })
  }
  throw new KnownError('invalid', `The config ${file} is larger than ${bytesMax} bytes.`)
}

function dereference(
  reference: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Secret | { message: string; hint: string } {
  const [kind, name = ''] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)]
  if (kind === 'env') {
    const value = env[name]
    if (value) return new Secret(value, reference)
    return {
      message: `The environment variable ${name} is not set.`,
      hint: `Set it before you start, such as \`export ${name}=…\`.`,
    }
  }
  try {
    const value = readFileSync(resolve(folder, name), 'utf8').trim()
    if (value) return new Secret(value, reference)
  } catch {
    return { message: `The file ${name} cannot be read.`, hint: 'Its path is relative to the folder of the config.' }
  }
  return { message: `The file ${name} is empty.`, hint: 'It should hold the secret and nothing else.' }
}
