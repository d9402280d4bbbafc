/** Brackets within each other: whoever looks at the value goes down as deep as it is. */
const depthMax = 40

/** What a text of JSON holds; `fault`: the end of a sentence that says why it holds nothing. */
export function parseJson(text: string): { value: unknown } | { fault: string } {
  if (isDeep(text)) return { fault: `is nested more than ${depthMax} levels deep` }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'holds no JSON' }
    throw error
  }
}

function isDeep(text: string): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isText && character === '\\') at++
    else if (character === '"') isText = !isText
    else if (!isText && (character === '[' || character === '{') && ++depth > depthMax) return true
    else if (!isText && (character === ']' || character === '}')) depth--
  }
  return false
}
