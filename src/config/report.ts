import type { z } from 'zod'
import { nearest } from '../rules/nearest.ts'
import type { RuleError } from '../rules/ruleError.ts'
import { keysAt } from './keysAt.ts'
import type { Problem } from './problem.ts'
import type { Path, YamlFile } from './readYaml.ts'
import { wordsOf } from './wordsOf.ts'

/** Collects what is wrong, so that all of it can be shown at once. */
export type Report = {
  (path: Path, message: string, hint?: string): void
  /**
   * Checks the value at a path by a schema. Where something in it is wrong, it returns what became of the rest, so that
   * this can be checked further; undefined where that is nothing.
   */
  check<Output>(path: Path, value: unknown, schema: z.ZodType<Output>): Output | undefined
  /** A name that is wrong itself. */
  badName(path: Path, message: string): void
  /** A name that must not stand here. */
  unknownKey(path: Path, known: readonly string[]): void
  /** A rule that stands somewhere below a path and is wrong. */
  rule(path: Path, error: RuleError): void
  /** Whether something below the path was found wrong. */
  isWrong(path: Path): boolean
}

export function createReport(yaml: YamlFile, problems: Problem[]): Report {
  const wrong: Path[] = []
  const add = (path: Path, message: string, hint?: string, of: 'value' | 'key' = 'value') => {
    wrong.push(path)
    const place = yaml.placeOf(path, of)
    // A reference that leads nowhere fits no schema either.
    if (yaml.problems.some(({ line, column }) => line === place.line && column === place.column)) return
    problems.push({ ...place, message, ...(hint ? { hint } : {}) })
  }

  function unknownKey(path: Path, known: readonly string[]): void {
    const key = String(path.at(-1)).slice(0, 80)
    add(path, `The key \`${key}\` is not known here.`, didYouMean(key, known), 'key')
  }

  function issue(root: Path, schema: z.ZodType, value: unknown, found: z.core.$ZodIssue): void {
    const path = [...root, ...found.path]
    const input = found.path.reduce<unknown>(
      (here, step) => (here as Record<PropertyKey, unknown> | null)?.[step],
      value,
    )
    if (found.code === 'unrecognized_keys') {
      const known = keysAt(schema, found.path)
      for (const key of found.keys) unknownKey([...path, key], known)
    } else if (found.code === 'invalid_union' && deepest(found)) {
      // Where one of several forms fits but for something within it, that is what is wrong.
      const inner = deepest(found)!
      issue(root, schema, value, { ...inner, path: [...found.path, ...inner.path] })
    } else if (input === undefined && found.code !== 'custom') {
      add(path, `The key \`${String(path.at(-1))}\` is missing here.`)
    } else {
      const at = path.findLast((step) => typeof step === 'string')
      const which =
        typeof path.at(-1) === 'number' ? `entry ${Number(path.at(-1)) + 1} of \`${String(at)}\`` : `\`${String(at)}\``
      const words = wordsOf(found, input)
      const join = /^(must|is|has|does|goes)\b/.test(words) ? ' ' : ': '
      add(path, `${capital(which)}${join}${words}.`, closestOf(found, input))
    }
  }

  return Object.assign((path: Path, message: string, hint?: string) => add(path, message, hint), {
    check<Output>(path: Path, value: unknown, schema: z.ZodType<Output>): Output | undefined {
      const parsed = schema.safeParse(value)
      if (parsed.success) return parsed.data
      for (const found of parsed.error.issues) issue(path, schema, value, found)
      return schema.safeParse(without(value, parsed.error.issues)).data
    },
    badName: (path: Path, message: string) => add(path, message, undefined, 'key'),
    unknownKey,
    rule: (path: Path, error: RuleError) => {
      wrong.push(path)
      const at = findText(yaml.value, path, error.source)
      for (const { message, hint, ...part } of error.problems) {
        const place = at ? yaml.placeWithin(at, part) : yaml.placeOf(path)
        problems.push({ ...place, message, ...(hint ? { hint } : {}) })
      }
    },
    isWrong: (path: Path) => wrong.some((other) => path.every((step, index) => other[index] === step)),
  })
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A group without the entries that are wrong. */
function without(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return undefined
  const bad = issues.flatMap((issue) => {
    if (issue.path.length > 0) return [String(issue.path[0])]
    return issue.code === 'unrecognized_keys' ? issue.keys : []
  })
  return Object.fromEntries(Object.entries(value).filter(([key]) => !bad.includes(key)))
}

/** The first issue within the form of a union that fits best; undefined where no form fits at all. */
function deepest({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined {
  const within = errors.flatMap((branch) =>
    branch.filter(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  return within.toSorted((a, b) => b.path.length - a.path.length)[0]
}

function closestOf(found: z.core.$ZodIssue, input: unknown): string | undefined {
  if (found.code !== 'invalid_value' || typeof input !== 'string') return undefined
  const close = nearest(input, found.values.map(String))
  return close && `Did you mean \`${close}\`?`
}

/** Path of the string `text` at or below `path`; undefined where it does not stand there. */
function findText(value: unknown, path: Path, text: string): Path | undefined {
  const at = path.reduce<unknown>((here, step) => (here as Record<PropertyKey, unknown> | undefined)?.[step], value)
  if (at === text) return path
  if (!at || typeof at !== 'object' || path.length > 8) return undefined
  for (const step of Object.keys(at)) {
    const found = findText(value, [...path, step], text)
    if (found) return found
  }
  return undefined
}

/** A hint for a name that is not known. */
export function didYouMean(wanted: string, known: Iterable<string>): string {
  const all = [...known]
  const close = nearest(wanted, all)
  if (close) return `Did you mean \`${close}\`?`
  return all.length === 0
    ? 'There is none.'
    : `There is: ${all.slice(0, 20).join(', ')}${all.length > 20 ? ', …' : ''}.`
}
