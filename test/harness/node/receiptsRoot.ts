import { concatHex, hexToBytes, keccak256, toRlp } from 'viem'
import type { Hex } from '../../../src/model/chain.ts'
import type { RpcReceipt } from './rpcTypes.ts'

type Entry = { path: number[]; value: Hex }
type TrieNode = (Hex | TrieNode)[]

/** The root of the Merkle Patricia trie over the receipts of a block, as its header carries it. */
export function receiptsRoot(receipts: readonly RpcReceipt[]): Hex {
  return orderedRoot(receipts.map(encodeReceipt))
}

/** The root of the trie that maps rlp(position) to each value. */
export function orderedRoot(values: readonly Hex[]): Hex {
  if (values.length === 0) return keccak256('0x80')
  const entries = values.map((value, index) => ({ path: nibbles(toRlp(quantity(index))), value }))
  return keccak256(toRlp(trieNode(entries, 0)))
}

/** A number as RLP wants it: no leading zeros, and zero as nothing at all. */
export function quantity(value: number | bigint | Hex): Hex {
  const digits = BigInt(value).toString(16)
  return digits === '0' ? '0x' : `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`
}

function encodeReceipt(receipt: RpcReceipt): Hex {
  const outcome = receipt.status === undefined ? (receipt.root ?? '0x') : quantity(receipt.status)
  const logs = receipt.logs.map(({ address, topics, data }) => [address, topics, data])
  const body = toRlp([outcome, quantity(receipt.cumulativeGasUsed), receipt.logsBloom, logs])
  return BigInt(receipt.type) === 0n ? body : concatHex([quantity(receipt.type), body])
}

/** No key here is the beginning of another (RLP of numbers is prefix-free), so a branch never holds a value itself. */
function trieNode(entries: readonly Entry[], depth: number): TrieNode {
  const first = entries[0]!
  if (entries.length === 1) return [compactPath(first.path.slice(depth), true), first.value]
  let shared = depth
  while (entries.every(({ path }) => path[shared] === first.path[shared])) shared += 1
  if (shared > depth) {
    return [compactPath(first.path.slice(depth, shared), false), reference(trieNode(entries, shared))]
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(({ path }) => path[depth] === nibble)
    return below.length === 0 ? '0x' : reference(trieNode(below, depth + 1))
  })
  return [...children, '0x']
}

/** A node of less than 32 bytes stands in its parent itself, a bigger one by its hash. */
function reference(node: TrieNode): Hex | TrieNode {
  const encoded = toRlp(node)
  return encoded.length < 2 + 64 ? node : keccak256(encoded)
}

function compactPath(path: readonly number[], leaf: boolean): Hex {
  const odd = path.length % 2
  const flag = (leaf ? 2 : 0) + odd
  const digits = odd === 1 ? [flag, ...path] : [flag, 0, ...path]
  return `0x${digits.map((digit) => digit.toString(16)).join('')}`
}

function nibbles(key: Hex): number[] {
  return [...hexToBytes(key)].flatMap((byte) => [byte >> 4, byte & 15])
}
