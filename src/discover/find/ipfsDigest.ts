import { hash } from 'node:crypto'

/** A file up to this size is one block of IPFS, whose hash can be told without a tree. */
const blockBytesMax = 262_144

/**
 * SHA-256 of a file as IPFS keeps it by default, which is what solc writes into the code: a node of DAG-PB around a UnixFS
 * file (https://github.com/ipfs/specs/blob/main/UNIXFS.md). Null: it is too large to be one block.
 */
export function ipfsDigest(file: Uint8Array): string | null {
  if (file.length > blockBytesMax) return null
  const size = varint(file.length)
  const content = file.length === 0 ? [] : [[0x12], size, file]
  const unixfs = Buffer.concat([[0x08, 0x02], ...content, [0x18], size].map((part) => Uint8Array.from(part)))
  return hash('sha256', Buffer.concat([Uint8Array.of(0x0a), Uint8Array.from(varint(unixfs.length)), unixfs]))
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}
