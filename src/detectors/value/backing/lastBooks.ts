import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import { decimalShape, remembered } from '../../remembered.ts'
import type { Book } from './book.ts'

/** Of one target: its books as they were last looked at without cause, and how often it was spoken of without transaction. */
export type LastBooks = { books: readonly Book[]; episodes: number }

/** Plain data. */
export const lastBooksShape = z.object({
  rows: z.array(
    z.object({
      name: z.string(),
      claims: decimalShape,
      backing: decimalShape,
      cover: z.boolean(),
      /** Amount, supply, and what was told of it. */
      held: z.array(
        z.union([z.tuple([decimalShape, decimalShape]), z.tuple([decimalShape, decimalShape, decimalShape])]),
      ),
    }),
  ),
  episodes: z.number(),
})
type PlainBooks = z.output<typeof lastBooksShape>
const rememberedBooks = remembered(lastBooksShape)

export const booksKey = (target: Address) => `books ${target}`

export const recallBooks = (memory: Memory, target: Address): LastBooks =>
  booksIn(rememberedBooks(memory, booksKey(target)) ?? { rows: [], episodes: 0 })

export function booksIn({ rows, episodes }: PlainBooks): LastBooks {
  const books = rows.map(({ claims, backing, held, ...rest }) => ({
    ...rest,
    claims: BigInt(claims),
    backing: BigInt(backing),
    held: held.map(([amount, supply, told]) => ({
      ...{ amount: BigInt(amount), supply: BigInt(supply) },
      ...(told !== undefined && { told: BigInt(told) }),
    })),
  }))
  return { books, episodes }
}

export function plainBooks({ books, episodes }: LastBooks): PlainBooks {
  const rows = books.map(({ name, claims, backing, cover, held }) => ({
    ...{ name, cover },
    ...{ claims: String(claims), backing: String(backing) },
    held: held.map(({ amount, supply, told }): [string, string] | [string, string, string] =>
      told === undefined ? [`${amount}`, `${supply}`] : [`${amount}`, `${supply}`, `${told}`],
    ),
  }))
  return { rows, episodes }
}
