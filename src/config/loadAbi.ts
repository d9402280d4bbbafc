import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Abi, type AbiItem, parseAbi } from 'viem'
import { z } from 'zod'

const bytesMax = 4 * 1024 * 1024

const parameter: z.ZodType = z.looseObject({
  type: z.string().max(500),
  name: z.string().optional(),
  components: z.lazy(() => z.array(parameter)).optional(),
})
const item = z.looseObject({
  type: z.enum(['function', 'event', 'error', 'constructor', 'fallback', 'receive']),
  name: z.string().optional(),
  inputs: z.array(parameter).optional(),
  outputs: z.array(parameter).optional(),
})
const abiSchema = z.array(item).max(5000)

/**
 * An ABI as the config gives it: path of a JSON file (the ABI itself, or an artifact that holds it under `abi`), a list
 * of human-readable signatures, or the items themselves.
 * @throws {Error} A sentence that says what is wrong.
 */
export function loadAbi(given: string | readonly unknown[], folder: string): Abi {
  if (typeof given === 'string') return fromJson(readJson(resolve(folder, given), given), given)
  if (given.every((entry) => typeof entry === 'string')) return fromSignatures(given)
  return fromJson(given, 'the list')
}

function readJson(path: string, shown: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new Error(`The ABI file ${shown} cannot be read.`)
  }
  if (text.length > bytesMax) throw new Error(`The ABI file ${shown} is larger than ${bytesMax} bytes.`)
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`The ABI file ${shown} holds no JSON.`)
  }
}

function fromJson(json: unknown, shown: string): Abi {
  const items = json && typeof json === 'object' && 'abi' in json ? json.abi : json
  const parsed = abiSchema.safeParse(items)
  if (parsed.success) return parsed.data as AbiItem[]
  const { path, message } = parsed.error.issues[0]!
  throw new Error(`${shown} holds no ABI: at ${path.join('.') || 'the top'}, ${message}.`)
}

function fromSignatures(signatures: readonly string[]): Abi {
  if (signatures.length === 0) return []
  try {
    return parseAbi(signatures)
  } catch (error) {
    const words = error instanceof Error && 'shortMessage' in error ? String(error.shortMessage) : String(error)
    throw new Error(`A signature cannot be read: ${words}`)
  }
}
