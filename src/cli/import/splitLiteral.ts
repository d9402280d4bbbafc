/** The parts of `(1,0xab,(2,3))` or `["a", "b"]`, without their quotes; null where the brackets do not fit. */
export function splitLiteral(text: string, brackets: '()' | '[]'): string[] | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith(brackets[0]!) || !trimmed.endsWith(brackets[1]!) || trimmed.length < 2) return null
  const inner = trimmed.slice(1, -1)
  if (inner.trim() === '') return []
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (const { 0: token, index } of inner.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()[\],]/gs)) {
    if (token === '(' || token === '[') depth++
    else if (token === ')' || token === ']') depth--
    else if (token === ',' && depth === 0) {
      parts.push(unquoted(inner.slice(from, index)))
      from = index + 1
    }
    if (depth < 0) return null
  }
  return depth === 0 ? [...parts, unquoted(inner.slice(from))] : null
}

function unquoted(part: string): string {
  const text = part.trim()
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text
}
