const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** A cluster longer than this is no letter but an attack, and is cut anywhere between code points. */
const clusterMax = 32

/**
 * Cuts a text to a limit without breaking a letter apart; a text that was cut ends in `…`.
 *
 * @param max In units of `cost`.
 * @param cost What a piece takes of the limit, never less than its length; by default its length in UTF-16, which no
 * service's own count exceeds.
 */
export function truncate(text: string, max: number, cost?: (piece: string) => number): string {
  if (!cost && text.length <= max) return text
  let spent = 0
  let kept = 0
  let position = 0
  // One more than fits is enough to see that it does not.
  for (const { segment } of segmenter.segment(text.slice(0, max + 1))) {
    for (const piece of segment.length > clusterMax ? segment : [segment]) {
      spent += cost ? cost(piece) : piece.length
      position += piece.length
      if (spent <= max - 1) kept = position
      if (spent > max) return max < 1 ? '' : `${text.slice(0, kept).trimEnd()}…`
    }
  }
  return text
}
