import type { ServedBlock } from './rpcTypes.ts'

/** Blocks and receipts as JSON text, kept so that asking again costs nothing. */
export type Serialised = {
  block(block: ServedBlock): string
  /** The block with transaction hashes only. */
  hashes(block: ServedBlock): string
  receipts(block: ServedBlock): string
}

/** Keeps at most `charsMax` characters, the least recently asked for going first. */
export function serialise(charsMax = 256 * 1024 * 1024): Serialised {
  const kept = new Map<string, string>()
  let chars = 0
  const keep = (key: string, write: () => string): string => {
    const known = kept.get(key)
    if (known !== undefined) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const text = write()
    kept.set(key, text)
    chars += text.length
    for (const [oldKey, old] of kept) {
      if (chars <= charsMax || oldKey === key) break
      kept.delete(oldKey)
      chars -= old.length
    }
    return text
  }
  return {
    block: (block) => keep(`b${block.hash}`, () => JSON.stringify(block.block)),
    hashes: (block) =>
      keep(`h${block.hash}`, () => {
        const { transactions, ...rest } = block.block
        return JSON.stringify({ ...rest, transactions: transactions.map(({ hash }) => hash) })
      }),
    receipts: (block) => keep(`r${block.hash}`, () => JSON.stringify(block.receipts)),
  }
}
