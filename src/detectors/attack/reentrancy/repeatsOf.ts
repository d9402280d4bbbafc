import type { Address, Hex, Receipt } from '../../../model/chain.ts'

/** A contract of ours told of the same thing to the same stranger several times in one transaction. */
export type Repeat = { address: Address; topic0: Hex; party: Address; times: number }

const timesMin = 3

/**
 * What is seen of a re-entrancy without its calls. Honest routers do the same, so it is only ever a sign.
 * @param sender To be paid oneself runs no code.
 */
export function repeatsOf(
  { logs }: Receipt,
  sender: Address,
  { ours, trusted }: { ours: ReadonlySet<Address>; trusted: ReadonlySet<Address> },
): Repeat[] {
  const repeats = new Map<string, Repeat>()
  for (const { address, topics } of logs) {
    const [topic0, first] = topics
    if (!ours.has(address) || !topic0 || !first?.startsWith(`0x${'0'.repeat(24)}`)) continue
    const party: Address = `0x${first.slice(26)}`
    if (party === sender || ours.has(party) || trusted.has(party) || /^0x0+$/.test(party)) continue
    const key = `${address} ${topic0} ${party}`
    const known = repeats.get(key)
    repeats.set(key, { address, topic0, party, times: (known?.times ?? 0) + 1 })
  }
  return [...repeats.values()].filter(({ times }) => times >= timesMin)
}
