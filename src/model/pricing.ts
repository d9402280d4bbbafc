import type { Address, Hex } from './chain.ts'
import type { Read } from './read.ts'

/** One way to learn what one whole token was worth before a block. */
export type Pricing = {
  /** Of what is asked, for people. */
  name: string
  /** Of the state after the parent block. Null: the config itself says the price. */
  read: Read | null
  /** The price is one in this token, whose own price it must be multiplied by. Absent: it is in dollars. */
  times?: Address | 'native'
  /**
   * The price, or why what was answered is none.
   * @param now Time of the block, in unix seconds.
   */
  priceIn(data: Hex, now: number): { price: number } | { none: string }
}
