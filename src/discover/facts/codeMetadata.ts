import type { Hex } from '../../model/chain.ts'

/** What the compiler wrote behind the code. `ipfs`: SHA-256 of the metadata as IPFS keeps it, as 64 hex digits. */
export type CodeMetadata = { compiler: string | null; ipfs: string | null }

const tailMax = 512
const entriesMax = 8
const sha256Prefix = '1220'

/**
 * Reads the CBOR map at the end of code that solc made; its last two bytes tell how long it is. Null: there is none. It can
 * be forged as all code can: it says what to look for, and proves nothing by itself.
 */
export function codeMetadata(code: Hex): CodeMetadata | null {
  const bytes = Buffer.from(code.slice(2), 'hex')
  if (bytes.length < 4) return null
  const length = bytes.readUInt16BE(bytes.length - 2)
  if (length < 2 || length > tailMax || length + 2 > bytes.length) return null
  const entries = readMap(bytes.subarray(bytes.length - 2 - length, -2))
  if (!entries) return null
  const [solc, ipfs] = [entries.get('solc'), entries.get('ipfs')]
  const digest = Buffer.isBuffer(ipfs) ? ipfs.toString('hex') : ''
  return {
    compiler: Buffer.isBuffer(solc) && solc.length === 3 ? solc.join('.') : null,
    ipfs: digest.length === 68 && digest.startsWith(sha256Prefix) ? digest.slice(sha256Prefix.length) : null,
  }
}

/** A map from short texts to byte strings, texts or flags, which is all that solc writes. Null: it is none. */
function readMap(bytes: Buffer): Map<string, Buffer | null> | null {
  const [first = 0] = bytes
  const count = first - 0xa0
  if (count < 1 || count > entriesMax) return null
  const entries = new Map<string, Buffer | null>()
  let at = 1
  for (let place = 0; place < count; place++) {
    const key = readItem(bytes, at)
    const value = key?.content && readItem(bytes, key.end)
    if (!value) return null
    entries.set(key.content!.toString('latin1'), value.content)
    at = value.end
  }
  return at === bytes.length ? entries : null
}

const [byteString, text, simple] = [2, 3, 7]

/** `content` is null for a flag. */
function readItem(bytes: Buffer, at: number): { content: Buffer | null; end: number } | null {
  const head = bytes[at]
  if (head === undefined) return null
  const [kind, short] = [head >> 5, head & 0x1f]
  if (kind === simple) return short === 20 || short === 21 ? { content: null, end: at + 1 } : null
  if (kind !== byteString && kind !== text) return null
  const [length, start] =
    short < 24 ? [short, at + 1] : short === 24 ? [bytes[at + 1] ?? tailMax, at + 2] : [tailMax, at]
  const end = start + length
  return end <= bytes.length ? { content: bytes.subarray(start, end), end } : null
}
