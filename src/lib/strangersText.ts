import { plainText } from './plainText.ts'

/**
 * `plainText` for words that a stranger alone has written, such as the symbol of a token: chat programs and mail programs
 * make links even of a bare `claim.example`, so that becomes `claim[.]example`.
 *
 * @param max Length in UTF-16 units; a longer text ends in `…`.
 */
export function strangersText(text: string, max: number): string {
  return plainText(plainText(text.slice(0, 8 * max), 8 * max).replace(/(?<=[\p{L}\p{N}])\.(?=\p{L})/gu, '[.]'), max)
}
