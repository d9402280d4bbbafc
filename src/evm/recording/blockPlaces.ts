/** Where blocks and transactions stand, by their hash. */
export type BlockPlaces = {
  /** The number of a block. */
  numberOf(hash: string): number | null
  /** Number of a block or of that of a transaction, and the position in it; -1: the block itself. */
  placeOf(hash: string): Place | null
}

export type Place = { number: number; index: number }

/** @param blocks As providers answered, whatever they are: what tells no place is passed over. */
export function blockPlaces(blocks: Iterable<unknown>): BlockPlaces {
  const places = new Map<string, Place>()
  for (const block of blocks) {
    const { number: given, hash, parentHash, transactions } = fieldsOf(block)
    const number = typeof given === 'string' && /^0x[0-9a-f]{1,13}$/i.test(given) ? Number(given) : null
    if (number === null || typeof hash !== 'string') continue
    places.set(hash, { number, index: -1 })
    // The state before the first of them is asked for, too.
    if (typeof parentHash === 'string' && !places.has(parentHash)) {
      places.set(parentHash, { number: number - 1, index: -1 })
    }
    for (const [index, transaction] of Array.isArray(transactions) ? transactions.entries() : []) {
      const { hash: own } = fieldsOf(transaction)
      if (typeof own === 'string') places.set(own, { number, index })
    }
  }
  const placeOf = (hash: string) => places.get(hash) ?? null
  return {
    placeOf,
    numberOf(hash) {
      const place = placeOf(hash)
      return place?.index === -1 ? place.number : null
    },
  }
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
