const widthMax = 120
const leadMax = 60

/** Part of a text, in characters from its beginning. */
export type Range = { from: number; to: number }

/** The line in which a range begins, with carets under the range. What is `hidden` or looks like a secret is masked. */
export function excerpt(text: string, { from, to }: Range, hidden: readonly Range[] = []): string {
  const lineFrom = text.lastIndexOf('\n', from - 1) + 1
  const lineBreak = text.indexOf('\n', from)
  const lineTo = lineBreak < 0 ? text.length : lineBreak
  // Masked character by character, so that the carets stay in place.
  const characters = hideSecrets(text.slice(lineFrom, lineTo)).split('')
  for (const range of hidden) {
    for (let at = Math.max(range.from, lineFrom); at < Math.min(range.to, lineTo); at++) characters[at - lineFrom] = '*'
  }
  const start = lineTo - lineFrom <= widthMax ? 0 : Math.max(0, from - lineFrom - leadMax)
  const shown = characters
    .slice(start, start + widthMax)
    .join('')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .trimEnd()
  if (shown.trim() === '') return ''
  const indent = start === 0 ? shown.length - shown.trimStart().length : 0
  const before = from - lineFrom - start - indent
  const length = Math.min(Math.min(to, lineTo) - from, shown.length - indent - before)
  const carets = '^'.repeat(Math.max(1, length))
  return `${shown.slice(indent)}\n${' '.repeat(Math.max(0, before))}${carets}`
}

/** Masks what stands behind the host of a URL, and values under names that are those of secrets. */
function hideSecrets(line: string): string {
  const stars = (text: string) => '*'.repeat(text.length)
  return line
    .replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s"',}\]]*)/gi, (_all, scheme: string, rest: string) => {
      const host = rest.includes('@') ? '' : (/^[^/?#]*/.exec(rest)?.[0] ?? '')
      const end = rest.slice(host.length)
      return scheme + host + (end.length > 1 ? stars(end) : end)
    })
    .replace(
      /((?:password|secret|routingkey|apikey|signingsecret)["']?\s*:\s*["']?)(?!env:|file:)([^\s"',}\]]+)/gi,
      (_all, name: string, value: string) => name + stars(value),
    )
}
