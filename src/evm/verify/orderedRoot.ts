import { hashDigits } from './hashDigits.ts'
import { type Digits, encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

/** Where a value stands in the trie: its key, each digit of which is one step. */
type Entry = { key: Digits; value: Digits }
type TrieNode = RlpItem[]

/**
 * The root of the Merkle Patricia trie that maps rlp(position) to each value, as headers carry it over the transactions
 * and the receipts of their block. See the Yellow Paper, appendix D.
 * @throws {RpcError} A value is no hex.
 */
export function orderedRoot(values: readonly Digits[]): Digits {
  if (values.length === 0) return hashDigits(encodeRlp(''))
  const entries = values.map((value, position) => ({ key: encodeRlp(rlpNumber(position.toString(16))), value }))
  entries.sort((a, b) => (a.key < b.key ? -1 : 1))
  return hashDigits(encodeRlp(trieNode(entries, 0, entries.length, 0)))
}

/**
 * The node over the entries from `from` to before `to`, which share their first `depth` digits. No key is the beginning
 * of another (RLP is prefix-free), so a branch never holds a value itself.
 */
function trieNode(entries: readonly Entry[], from: number, to: number, depth: number): TrieNode {
  const { key, value } = entries[from]!
  if (to - from === 1) return [compact(key.slice(depth), 2), value]
  const last = entries[to - 1]!.key
  let shared = depth
  while (key[shared] === last[shared]) shared++
  if (shared > depth) {
    return [compact(key.slice(depth, shared), 0), reference(trieNode(entries, from, to, shared))]
  }
  const node: TrieNode = []
  let start = from
  for (const digit of '0123456789abcdef') {
    let end = start
    while (end < to && entries[end]!.key[depth] === digit) end++
    node.push(end === start ? '' : reference(trieNode(entries, start, end, depth + 1)))
    start = end
  }
  return [...node, '']
}

/** A node of less than 32 bytes stands in its parent itself, a bigger one by its hash. */
function reference(node: TrieNode): RlpItem {
  const encoded = encodeRlp(node)
  return encoded.length < 64 ? node : hashDigits(encoded)
}

/** Steps behind a flag that tells their parity and, by 2, a leaf. */
function compact(steps: Digits, leaf: 0 | 2): Digits {
  return steps.length % 2 === 1 ? `${leaf + 1}${steps}` : `${leaf}0${steps}`
}
