import { z } from 'zod'
import { compareSeverity, type Severity, severities } from '../model/severity.ts'
import { kebabName, name } from './names.ts'

/** One value or a list of them; becomes a list. */
export const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z
    .union([item, z.array(item).min(1).max(1000)])
    .transform((given): z.output<Item>[] => (Array.isArray(given) ? given : [given]))

const severityChoice = oneOrMore(z.string('must be a severity')).transform((given, context): Severity[] => {
  return given.flatMap((text) => {
    const [, atLeast, word] = /^(>=)?\s*([a-z]+)$/.exec(text) ?? []
    const severity = severities.find((known) => known === word)
    if (!severity) {
      context.addIssue(`must be one of ${severities.join(', ')}, or such as ">=high"`)
      return []
    }
    return atLeast ? severities.filter((known) => compareSeverity(known, severity) >= 0) : [severity]
  })
})

/** Which alerts are meant: every field given must fit; a list is alternatives. */
export const matcherSchema = z.strictObject({
  severity: severityChoice.optional().describe('A severity, a list, or such as `">=high"`.'),
  monitor: oneOrMore(kebabName).optional().describe('Names of monitors; `tocsin` for what is about Tocsin itself.'),
  detector: oneOrMore(kebabName).optional().describe('Ids of detectors.'),
  contract: oneOrMore(name).optional().describe('Names of contracts.'),
  chain: oneOrMore(kebabName).optional().describe('Names of chains.'),
})

export type MatcherChoice = z.output<typeof matcherSchema>
