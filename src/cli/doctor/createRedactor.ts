/** Takes what must not be seen out of a text. */
export type Redact = (text: string) => string

const hidden = '(hidden)'
/** Shorter parts stand in many texts by chance. */
const secretMin = 4
const partMin = 8

/**
 * Knows the secrets in every form in which another program may have quoted them, and shortens every URL to its host:
 * keys stand in their paths and queries.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.flatMap(formsOf))
  const needles = [...forms].toSorted((a, b) => b.length - a.length)
  return (text) => {
    const without = needles.reduce((rest, needle) => rest.replaceAll(needle, hidden), text)
    return without.replace(/\b([a-z][a-z0-9+.-]{0,15}):\/\/[^\s"'`<>]+/gi, (url) => withHostOnly(url))
  }
}

/** `https://rpc.example/…`, whatever stood behind the host. */
export function withHostOnly(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed?.host) return hidden
  const origin = `${parsed.protocol}//${parsed.host}`
  return parsed.href === `${origin}/` || parsed.href === origin ? origin : `${origin}/…`
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim())
  return [secret, ...partsOfUrl(secret), ...lines.filter((line) => line.length >= partMin)]
    .filter((text) => text.length >= secretMin)
    .flatMap((text) => [
      text,
      encodeURIComponent(text),
      Buffer.from(text).toString('base64'),
      JSON.stringify(text).slice(1, -1),
    ])
}

function partsOfUrl(secret: string): string[] {
  const url = URL.parse(secret)
  if (!url) return []
  const { username, password, pathname, searchParams, hash } = url
  // A name beside a password is no secret; one that stands alone is a key.
  const credentials = password ? [password, `${decoded(username)}:${decoded(password)}`] : [username]
  const parts = [...pathname.split('/'), ...searchParams.values(), hash.slice(1)].filter(looksRandom)
  return [...credentials, ...parts].flatMap((part) => [part, decoded(part)])
}

/** Not a word of a path, such as `ethereum`, that stands in other texts as well. */
const looksRandom = (part: string) => part.length >= partMin && (/[0-9A-Z_-]/.test(part) || part.length >= 20)

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
