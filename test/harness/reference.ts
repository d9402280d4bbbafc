import { z } from 'zod'

type Property = {
  description?: string
  default?: unknown
  secret?: boolean
  const?: unknown
  type?: string
  enum?: string[]
  pattern?: string
  anyOf?: Property[]
  items?: Property
  properties?: Record<string, Property>
  propertyNames?: Property
}
type Schema = { properties: Record<string, Property>; required?: string[] }

/** The options of a plug-in as a table of Markdown, out of its schema. */
export function optionTable(options: z.ZodType): string {
  const { properties, required = [] } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Schema
  const rows = Object.entries(properties).map(([name, property]) => [
    `\`${name}\``,
    typeOf(property),
    required.includes(name) ? 'required' : showDefault(property.default),
    property.description ?? '',
  ])
  return rows.length === 0 ? 'It takes no options.' : table(['option', 'type', 'default', 'meaning'], rows)
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n')
}

/**
 * A page of the reference with the parts between `<!-- generated: ID -->` and `<!-- end -->` made anew. They are to be
 * all of `ids`, in this order.
 */
export function regenerate(page: string, ids: Iterable<string>, generate: (id: string) => string): string {
  const found = [...page.matchAll(/<!-- generated: ([\w -]+) -->/g)].map(([, id]) => id)
  const wanted = [...ids]
  if (found.join() !== wanted.join()) {
    throw new Error(
      `The page has parts for ${found.join(', ')}; there are ${wanted.join(', ')}. Give each a heading, and below it <!-- generated: ID --> and <!-- end -->.`,
    )
  }
  return page.replace(
    /(<!-- generated: ([\w -]+) -->\n).*?(<!-- end -->)/gs,
    (_whole, start: string, id: string, end: string) => `${start}${generate(id)}\n${end}`,
  )
}

function showDefault(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return `\`[${value.join(', ')}]\``
  return `\`${typeof value === 'object' ? JSON.stringify(value) : value}\``
}

function typeOf(property: Property): string {
  const { secret, const: only, type, enum: words, pattern, anyOf, items, properties, propertyNames } = property
  if (secret) return 'secret'
  if (pattern?.endsWith('[smhd]$')) return 'duration'
  if (only !== undefined) return `\`${only}\``
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (items) return `list of ${typeOf(items)}`
  if (properties)
    return Object.keys(properties)
      .map((name) => `\`${name}\``)
      .join(', ')
  if (propertyNames) return `a value for each of ${typeOf(propertyNames)}`
  return type === 'integer' ? 'number' : (type ?? 'any')
}
