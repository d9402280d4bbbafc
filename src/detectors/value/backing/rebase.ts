import { isPercentOf } from '../../tokens/amounts.ts'
import type { Book } from './book.ts'

/** A thousandth may be missing from what is reckoned. */
const almost = 99.9

/** Whether a token took from the contract what it took from everybody who holds it. */
export function isRebase(before: Book, after: Book): boolean {
  return after.held.some((now, index) => {
    const was = before.held[index]
    if (!was || now.supply >= was.supply) return false
    const [expected, real] = [was.amount * now.supply, now.amount * was.supply]
    return isPercentOf(real, almost, expected) && isPercentOf(expected, almost, real)
  })
}

/** Whether the contract has less of a token than it reckons with: what is missing will be written off by the next who trades. */
const isPending = ({ amount, told }: Book['held'][number]) => told !== undefined && amount < told

/**
 * Of a pair, whether the product of its reserves fell by no more than all that there is of one of its tokens, however it was
 * traded meanwhile. Who burns only what the pair holds takes a larger part from it than from all.
 * @param last As the book was when it was last looked at; what was pending then it has from before.
 */
export function isRebaseWrittenOff(last: Book | undefined, before: Book, after: Book): boolean {
  const [was, is] = [before.backing * after.claims, after.backing * before.claims]
  return after.held.some((now, index) => {
    const here = before.held[index]
    const then = here && isPending(here) ? last?.held[index] : here
    if (now.told === undefined || !then || now.supply >= then.supply) return false
    return isPercentOf(is * is * then.supply, almost, was * was * now.supply)
  })
}

/** What a book is remembered as: where a part is pending, what was held before it was. */
export function withPending(last: Book | undefined, book: Book): Book {
  const held = book.held.map((each, index) => (isPending(each) ? (last?.held[index] ?? each) : each))
  return { ...book, held }
}
