/**
 * How far the balance of an account bears out what the logs say of it.
 * `exact`: to the last unit. `partly`: it moved that way by another amount, as where a token keeps a fee or rebases.
 * `not`: it did not move that way, so that the token lies, or another movement made up for it.
 */
export type Bearing = 'exact' | 'partly' | 'not'

/**
 * @param told What all logs of the block say that the account has more; below zero: less.
 * @param before Balance after the parent block.
 * @param after Balance after the block.
 */
export function compareDelta({ told, before, after }: { told: bigint; before: bigint; after: bigint }): Bearing {
  const moved = after - before
  if (moved === told) return 'exact'
  return moved !== 0n && moved > 0n === told > 0n && told !== 0n ? 'partly' : 'not'
}
