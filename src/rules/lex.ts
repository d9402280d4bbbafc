import { limits } from './limits.ts'
import { type Problem, RuleError, type Span } from './ruleError.ts'

/** `text`: of a string without quotes and escapes, of a contract without `$`, of hex without `0x`. */
export type Token = Span & {
  kind: 'number' | 'hex' | 'string' | 'word' | 'contract' | 'symbol' | 'end'
  text: string
}

const patterns = [
  ['hex', /0[xX]([0-9a-fA-F]*)/y],
  ['number', /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE]\d+)?/y],
  ['contract', /\$([A-Za-z_]\w*(?:-\w+)*)/y],
  ['word', /[A-Za-z_][\w$]*/y],
  ['string', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['symbol', /===|!==|==|!=|<=|>=|<>|&&|\|\||[-+*/%<>()[\],.!=]/y],
] as const

/** What other languages write, and what it is here. */
const foreign = new Map([
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
  ['=', '=='],
  ['===', '=='],
  ['!==', '!='],
  ['<>', '!='],
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
  ['IN', 'in'],
  ['True', 'true'],
  ['False', 'false'],
])

/** @throws {RuleError} With every word that is none. */
export function lex(source: string): Token[] {
  if (source.length > limits.source) {
    const message = `A rule has at most ${limits.source} characters; this one has ${source.length}.`
    throw new RuleError(source, [{ offset: limits.source, length: 1, message }])
  }
  const tokens: Token[] = []
  const problems: Problem[] = []
  let offset = 0
  while (offset < source.length) {
    const space = /\s*/y
    space.lastIndex = offset
    offset += space.exec(source)?.[0].length ?? 0
    if (offset === source.length) break
    const token = tokenAt(source, offset, problems)
    tokens.push(token)
    offset += token.length
  }
  if (problems.length > 0) throw new RuleError(source, problems)
  return [...tokens, { kind: 'end', text: '', offset: source.length, length: 1 }]
}

function tokenAt(source: string, offset: number, problems: Problem[]): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset
    const match = pattern.exec(source)
    if (!match) continue
    const span = { offset, length: match[0].length }
    if (kind === 'string') return { kind, text: unquote(match[0]), ...span }
    if (kind === 'hex' || kind === 'number') checkEnd(source, span, problems)
    const text = match[1] ?? match[0]
    const own = kind === 'symbol' || kind === 'word' ? foreign.get(text) : undefined
    if (own === undefined) return { kind, text, ...span }
    problems.push({ ...span, message: `\`${text}\` is written \`${own}\` here.` })
    return { kind: /^\w/.test(own) ? 'word' : 'symbol', text: own, ...span }
  }
  return unknownAt(source, offset, problems)
}

/** A letter right behind a number is a slip of the pen, never the next word. */
function checkEnd(source: string, span: Span, problems: Problem[]): void {
  const rest = /\w+/y
  rest.lastIndex = span.offset + span.length
  const tail = rest.exec(source)?.[0]
  if (tail === undefined) return
  const text = source.slice(span.offset, rest.lastIndex)
  problems.push({
    offset: span.offset,
    length: text.length,
    message: `\`${text}\` is not a number.`,
    hint: 'Numbers look like 1_000_000, 1.5e18, 5 ether, 12 hours or 0x1f.',
  })
}

function unknownAt(source: string, offset: number, problems: Problem[]): Token {
  const character = String.fromCodePoint(source.codePointAt(offset)!)
  const quote = character === '"' || character === "'"
  const length = quote ? source.length - offset : character.length
  const message = quote ? 'This string does not end.' : `\`${character}\` means nothing in a rule.`
  const power = character === '^' ? { hint: 'There is no power: write 1e18 for ten to the eighteenth.' } : {}
  problems.push({ offset, length, message, ...power })
  return { kind: 'symbol', text: character, offset, length }
}

/** A backslash takes the special meaning from a quote or a backslash; before anything else it stands for itself. */
function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(["'\\])/g, '$1')
}
