import type { Range } from './excerpt.ts'

/**
 * Where a part of a YAML scalar stands in the file: its characters stand there in the same order, with quotes,
 * backslashes, indentation and line breaks between them.
 *
 * @param source The scalar as it is written, block header and quotes included, from `offset` of the file.
 * @param part In characters of the value.
 * @returns Undefined where the value is written with escapes that do not show it.
 */
export function alignText(
  { source, offset, value }: { source: string; offset: number; value: string },
  part: { offset: number; length: number },
): Range | undefined {
  const positions: number[] = []
  // The header of a block scalar (`|-`, `>2`, a comment) holds nothing of the value.
  let at = /^[|>]/.test(source) ? source.indexOf('\n') + 1 : 0
  for (const character of value) {
    if (/\s/.test(character)) {
      positions.push(at)
      continue
    }
    at = source.indexOf(character, at)
    if (at < 0) return undefined
    positions.push(at)
    at += character.length
  }
  positions.push(at)
  const from = positions[Math.min(part.offset, positions.length - 1)]!
  const last = positions[Math.min(part.offset + Math.max(1, part.length) - 1, positions.length - 1)]!
  return { from: offset + from, to: offset + Math.max(from, last) + 1 }
}
