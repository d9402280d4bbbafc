import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import type { Book } from './book.ts'

/** Of one target: its books as they were last looked at without cause, and how often it was spoken of without transaction. */
export type LastBooks = { books: readonly Book[]; episodes: number }

type Row = { name: string; claims: string; backing: string; cover: boolean; held: [amount: string, supply: string][] }

export const booksKey = (target: Address) => `books ${target}`

export function recallBooks(memory: Memory, target: Address): LastBooks {
  const { rows, episodes } = (memory.get(booksKey(target)) ?? { rows: [], episodes: 0 }) as {
    rows: Row[]
    episodes: number
  }
  const books = rows.map(({ claims, backing, held, ...rest }) => ({
    ...rest,
    claims: BigInt(claims),
    backing: BigInt(backing),
    held: held.map(([amount, supply]) => ({ amount: BigInt(amount), supply: BigInt(supply) })),
  }))
  return { books, episodes }
}

export function plainBooks({ books, episodes }: LastBooks): Json {
  const rows = books.map(({ name, claims, backing, cover, held }) => ({
    ...{ name, cover },
    ...{ claims: String(claims), backing: String(backing) },
    held: held.map(({ amount, supply }) => [String(amount), String(supply)]),
  }))
  return { rows, episodes }
}
