import type { Address } from '../../src/model/chain.ts'

/** Those that come most often. */
export const busiest = (addresses: readonly Address[], size: number): Address[] =>
  [...Map.groupBy(addresses, (address) => address)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, size)
    .map(([address]) => address)
