import { truncate } from '../lib/truncate.ts'

/** Escapes a text and cuts it so that what is sent keeps the limit, and no escape is cut in two. */
export function escapeWithin(text: string, max: number, escapeText: (text: string) => string): string {
  return escapeText(truncate(text, max, (piece) => escapeText(piece).length))
}
