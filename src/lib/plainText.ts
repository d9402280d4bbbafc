import { truncate } from './truncate.ts'

/** Longer texts are cut before they are looked at, so that a hostile one costs nothing. */
const inputMax = 64 * 1024
const url = /\b([a-z][a-z0-9+.-]{0,15}):\/\/([^\s/?#]{0,255})/gi

/**
 * Words of printable ASCII, or cut by `…` as addresses are, with single spaces between them, as nearly all texts are:
 * nothing in them is changed.
 */
const ordinary = /^(?:[!-~…]+(?: [!-~…]+)*)?$/

/**
 * Makes a text that strangers may have written (a token's name, a page's title, a server's answer) fit to be read by
 * people: one line, nothing invisible, nothing that turns the reading order, no link to click.
 *
 * Bidirectional and control characters become visible (`[U+202E]`), other invisible ones go, piled-up accents are
 * thinned, `https://a.example` becomes `https[:]//a[.]example`. It escapes nothing: that is for whoever knows the markup.
 *
 * @param max Length in UTF-16 units; a longer text ends in `…`.
 * @param options `keepLinks`: for our own words, such as the URL of a runbook in an advice.
 */
export function plainText(text: string, max: number, { keepLinks = false } = {}): string {
  if (text.length <= inputMax && ordinary.test(text) && !text.includes('://')) return truncate(text, max)
  const oneLine = text
    .slice(0, inputMax)
    .toWellFormed()
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, visible)
    .replace(/[\p{Cf}\u115f\u1160\u3164\uffa0]/gu, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim()
  return truncate(keepLinks ? oneLine : oneLine.replace(url, unlinked), max)
}

function visible(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`
}

function unlinked(_url: string, scheme: string, host: string): string {
  return `${scheme}[:]//${host.replaceAll('.', '[.]')}`
}
