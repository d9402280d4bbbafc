import { keccak } from '../../lib/keccak.ts'
import { encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

/** Where a value stands in the trie: its key as nibbles. */
type Entry = { path: Uint8Array; value: Uint8Array }
type TrieNode = RlpItem[]

const nothing = new Uint8Array()

/**
 * The root of the Merkle Patricia trie that maps rlp(position) to each value, as headers carry it over the transactions
 * and the receipts of their block. See the Yellow Paper, appendix D.
 */
export function orderedRoot(values: readonly Uint8Array[]): Uint8Array {
  if (values.length === 0) return keccak(encodeRlp(nothing))
  const entries = values.map((value, position) => ({ path: nibblesOf(encodeRlp(rlpNumber(position))), value }))
  entries.sort((a, b) => Buffer.compare(a.path, b.path))
  return keccak(encodeRlp(trieNode(entries, 0, entries.length, 0)))
}

/**
 * The node over the entries from `from` to before `to`, which share their first `depth` nibbles. No key is the beginning
 * of another (RLP is prefix-free), so a branch never holds a value itself.
 */
function trieNode(entries: readonly Entry[], from: number, to: number, depth: number): TrieNode {
  const { path, value } = entries[from]!
  if (to - from === 1) return [compact(path.subarray(depth), 2), value]
  const last = entries[to - 1]!.path
  let shared = depth
  while (path[shared] === last[shared]) shared++
  if (shared > depth) {
    return [compact(path.subarray(depth, shared), 0), reference(trieNode(entries, from, to, shared))]
  }
  const node: TrieNode = []
  let start = from
  for (let nibble = 0; nibble < 16; nibble++) {
    let end = start
    while (end < to && entries[end]!.path[depth] === nibble) end++
    node.push(end === start ? nothing : reference(trieNode(entries, start, end, depth + 1)))
    start = end
  }
  return [...node, nothing]
}

/** A node of less than 32 bytes stands in its parent itself, a bigger one by its hash. */
function reference(node: TrieNode): RlpItem {
  const encoded = encodeRlp(node)
  return encoded.length < 32 ? node : keccak(encoded)
}

/** Nibbles as bytes, behind a flag that tells their parity and, by 2, a leaf. */
function compact(nibbles: Uint8Array, leaf: 0 | 2): Uint8Array {
  const odd = nibbles.length % 2
  const bytes = new Uint8Array((nibbles.length - odd) / 2 + 1)
  bytes[0] = ((leaf + odd) << 4) | (odd === 1 ? nibbles[0]! : 0)
  for (let at = 1; at < bytes.length; at++) {
    bytes[at] = (nibbles[2 * at - 2 + odd]! << 4) | nibbles[2 * at - 1 + odd]!
  }
  return bytes
}

function nibblesOf(key: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(key.length * 2)
  for (const [at, byte] of key.entries()) {
    nibbles[2 * at] = byte >> 4
    nibbles[2 * at + 1] = byte & 15
  }
  return nibbles
}
