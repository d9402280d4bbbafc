/** Of a secret with a scheme, such as `Bearer …`, each part is one. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap((value) => value.split(/\s+/).filter(({ length }) => length > 6))
  const longestFirst = [...secrets, ...parts].filter(Boolean).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((hidden, value) => hidden.replaceAll(value, '***'), text)
}

/**
 * What of a URL may be a secret: servers like to repeat the path of a request that they refuse, and with many services
 * the path is the key.
 */
export function piecesOfUrl(address: string): string[] {
  const { href, pathname, search, username, password } = new URL(address)
  const path = pathname + search
  const parts = path.split(/[/?&=]/).filter(({ length }) => length >= 6)
  return [href, path, pathname, ...parts, username, password].filter(({ length }) => length > 1)
}
