import { KnownError } from '../model/error.ts'

/** Where in the text of a rule, in characters. */
export type Span = { offset: number; length: number }

export type Problem = Span & { message: string; hint?: string }

/** A rule of strange characters has as many problems as characters. */
const shownMax = 20

/** A rule is wrong. It holds all problems that could be told apart, in the order of the text; at least one. */
export class RuleError extends KnownError {
  readonly source: string
  readonly problems: readonly Problem[]

  constructor(source: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort((a, b) => a.offset - b.offset)
    const more = sorted.length > 1 ? ` (and ${sorted.length - 1} more)` : ''
    const hints = sorted.slice(0, shownMax).flatMap(({ hint }) => hint ?? [])
    super('invalid', `${sorted[0]?.message}${more}`, { hints })
    this.source = source
    this.problems = sorted
  }

  /** Each problem under its line of the rule, marked with carets; of very many the first. */
  caret(): string {
    const marked = this.problems.slice(0, shownMax).map((problem) => mark(this.source, problem))
    const left = this.problems.length - marked.length
    return [...marked, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n')
  }
}

const widthMax = 110

function mark(source: string, { offset, length, message, hint }: Problem): string {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1
  const nextBreak = source.indexOf('\n', offset)
  const lineEnd = nextBreak < 0 ? source.length : nextBreak
  const start = Math.max(lineStart, offset - widthMax / 2)
  const line = source.slice(start, Math.min(lineEnd, start + widthMax)).replaceAll('\t', ' ')
  const carets = '^'.repeat(Math.max(1, Math.min(length, line.length - (offset - start))))
  return [line, `${' '.repeat(offset - start)}${carets} ${message}`, ...(hint ? [`  ${hint}`] : [])].join('\n')
}
