import { KnownError } from '../model/error.ts'

/** A place in the config file. Lines and columns count from 1. */
export type Place = {
  line: number
  column: number
  /** The line with carets under the place. */
  excerpt?: string
}

/** One thing that is wrong in the config. */
export type Problem = Place & { message: string; hint?: string }

/** Everything that is wrong in a config file, in its order. */
export class ConfigError extends KnownError {
  readonly file: string
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
    const count = sorted.length === 1 ? 'One problem' : `${sorted.length} problems`
    super('invalid', `${count} in ${file}:\n\n${sorted.map((problem) => show(file, problem)).join('\n\n')}`)
    this.file = file
    this.problems = sorted
  }
}

function show(file: string, { line, column, message, hint, excerpt }: Problem): string {
  const indent = (text: string) => text.replaceAll(/^/gm, '    ')
  return [`${file}:${line}:${column}  ${message}`, excerpt && indent(excerpt), hint && indent(hint)]
    .filter(Boolean)
    .join('\n')
}
