import type { z } from 'zod'
import { nearest } from '../rules/nearest.ts'
import type { RuleError } from '../rules/ruleError.ts'
import type { Problem } from './problem.ts'
import type { Path, YamlFile } from './readYaml.ts'

/** Collects what is wrong, so that all of it can be shown at once. */
export type Report = {
  (path: Path, message: string, hint?: string): void
  /** What a zod schema found wrong below a path. */
  issues(path: Path, issues: readonly z.core.$ZodIssue[]): void
  /** A rule that stands somewhere below a path and is wrong. */
  rule(path: Path, error: RuleError): void
}

export function createReport(yaml: YamlFile, problems: Problem[]): Report {
  const add = (path: Path, message: string, hint?: string) => {
    problems.push({ ...yaml.placeOf(path), message, ...(hint ? { hint } : {}) })
  }

  function issue(path: Path, found: z.core.$ZodIssue): void {
    const here = [...path, ...found.path]
    if (found.code === 'unrecognized_keys') {
      for (const key of found.keys) {
        problems.push({ ...yaml.placeOf([...here, key], 'key'), message: `The key \`${key}\` is not known here.` })
      }
      return
    }
    const name = String(here.at(-1) ?? 'the file')
    const missing = found.code === 'invalid_type' && /received undefined/.test(found.message)
    add(here, missing ? `The key \`${name}\` is missing here.` : `\`${name}\`: ${wordsOf(found)}.`)
  }

  return Object.assign(add, {
    issues: (path: Path, issues: readonly z.core.$ZodIssue[]) => {
      for (const found of issues) issue(path, found)
    },
    rule: (path: Path, error: RuleError) => {
      const place = yaml.placeOf(findText(yaml.value, path, error.source) ?? path)
      const [first] = error.problems
      problems.push({ ...place, message: first?.message ?? error.message, excerpt: error.caret() })
    },
  })
}

/** Where one of several forms was expected, what is wrong with the form that came closest says most. */
function wordsOf(found: z.core.$ZodIssue): string {
  if (found.code !== 'invalid_union') return found.message
  const closest = found.errors.toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))
  return closest.flatMap((issues) => issues[0]?.message ?? []).join(', or ') || found.message
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
