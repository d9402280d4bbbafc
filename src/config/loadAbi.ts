import { resolve } from 'node:path'
import type { Abi, AbiItem } from 'viem'
import { parseAbi } from 'viem/utils'
import { z } from 'zod'
import { readTextFile } from './readTextFile.ts'

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

/** Why there is no ABI, as a sentence. `index`: of the entry that is wrong, in a list. */
export class AbiError extends Error {
  readonly index: number | undefined

  constructor(message: string, index?: number) {
    super(message)
    this.index = index
  }
}

/**
 * An ABI as the config gives it: path of a JSON file (the ABI itself, or an artifact that holds it under `abi`), a list
 * of human-readable signatures, or the items themselves.
 * @throws {AbiError} It is none.
 */
export function loadAbi(given: string | readonly unknown[], folder: string): Abi {
  if (typeof given === 'string') return fromJson(readJson(resolve(folder, given), given), `The file ${given}`)
  if (given.every((entry) => typeof entry === 'string')) return fromSignatures(given)
  return fromJson(given, 'This list')
}

function readJson(path: string, shown: string): unknown {
  const read = readTextFile(path, bytesMax)
  if ('fault' in read) throw new AbiError(`The ABI file ${shown} ${read.fault}.`)
  try {
    return JSON.parse(read.text)
  } catch {
    throw new AbiError(`The ABI file ${shown} holds no JSON.`)
  }
}

function fromJson(json: unknown, subject: string): Abi {
  const items = json && typeof json === 'object' && 'abi' in json ? json.abi : json
  const parsed = abiSchema.safeParse(items)
  if (parsed.success) return parsed.data as AbiItem[]
  const [position, ...rest] = parsed.error.issues[0]!.path
  const where =
    typeof position === 'number'
      ? `: its item ${position + 1} is no event, function or error (${rest.join('.') || 'as a whole'})`
      : ''
  throw new AbiError(`${subject} holds no ABI${where}.`)
}

/** Structs may stand anywhere in the list, so all signatures are read together. */
function fromSignatures(signatures: readonly string[]): Abi {
  if (signatures.length === 0) return []
  const failure = whyUnreadable(signatures)
  if (!failure) return parseAbi(signatures)
  const structs = signatures.filter((signature) => signature.trimStart().startsWith('struct '))
  const culprit = signatures.findIndex((signature) => whyUnreadable([...new Set([...structs, signature])]))
  throw new AbiError(`This signature cannot be read: ${failure}`, culprit < 0 ? undefined : culprit)
}

function whyUnreadable(signatures: readonly string[]): string | undefined {
  try {
    parseAbi(signatures)
    return undefined
  } catch (error) {
    const words = error instanceof Error && 'shortMessage' in error ? String(error.shortMessage) : 'it has another form'
    return words.replace(/\s+/g, ' ').replace(/([^.])$/, '$1.')
  }
}
