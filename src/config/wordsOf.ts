import type { z } from 'zod'

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of names and values',
  record: 'a group of names and values',
}

/** What zod found wrong, as the end of a sentence that begins with the name of the value. Never shows the value. */
export function wordsOf(issue: z.core.$ZodIssue, input: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (input === null) return 'has no value'
      // YAML integers beyond 2^53 are handed over as text, so that none is rounded.
      if (isNumber(issue.expected) && typeof input === 'string' && /^-?\d{16,}$/.test(input)) return 'is too large'
      if (issue.expected === 'int' && typeof input === 'number') return 'must be a whole number'
      return isWordedBySchema(issue.message)
        ? issue.message
        : `must be ${types[issue.expected] ?? issue.expected}, and is ${typeOf(input)}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
    case 'too_small':
      if (issue.origin === 'array') return 'must not be empty'
      if (issue.origin === 'string') return `must have at least ${count(issue.minimum)}`
      return issue.inclusive === false ? `must be greater than ${issue.minimum}` : `must be at least ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'array') return `must not have more than ${issue.maximum} entries`
      if (issue.origin === 'string') return `must not have more than ${count(issue.maximum)}`
      return `must be at most ${issue.maximum}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is no name that can stand here'
    case 'invalid_union':
      return wordsOfUnion(issue, input)
    default:
      return issue.message.replace(/\.$/, '')
  }
}

const count = (length: number | bigint) => (Number(length) === 1 ? 'one character' : `${length} characters`)

const isNumber = (expected: string) => expected === 'number' || expected === 'int'

/** Zod's own words begin with `Invalid input`; those of a schema are made for people. */
const isWordedBySchema = (message: string) => !message.startsWith('Invalid')

function wordsOfUnion(issue: z.core.$ZodIssueInvalidUnion, input: unknown): string {
  if (isWordedBySchema(issue.message)) return issue.message
  const all = issue.errors.flatMap((branch) => (branch[0] && branch[0].path.length === 0 ? [branch[0]] : []))
  // What is wrong with a form of the right type says more than that it could have another type.
  const said = all.filter(({ code }) => code !== 'invalid_type')
  const words = (said.length > 0 ? said : all).map((first) => wordsOf(first, input))
  return [...new Set(words)].join(', or ') || 'has the wrong form'
}

export function typeOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return value.constructor === Object ? 'a group of names and values' : 'a reference'
  return { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'something else'
}
