import { plainText } from '../lib/plainText.ts'
import type { Json } from '../model/finding.ts'

const factsMax = 64
const itemsMax = 64
const depthMax = 6
const textMax = 2000
const nameMax = 100

/**
 * Facts as they may be stored and shown: bounded in number, depth and length, and free of tricks of writing. What is no
 * plain data, which the types forbid and a plug-in may hand over all the same, becomes text.
 */
export function plainFacts(facts: Record<string, Json>): Record<string, Json> {
  const entries = Object.entries(facts).slice(0, factsMax)
  return Object.fromEntries(entries.map(([name, value]) => [plainText(name, nameMax), plainFact(value, 0)]))
}

function plainFact(value: unknown, depth: number): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object') return plainText(String(value), textMax)
  if (depth >= depthMax) return '…'
  if (!Array.isArray(value)) {
    const entries = Object.entries(value).slice(0, itemsMax)
    return Object.fromEntries(entries.map(([name, item]) => [plainText(name, nameMax), plainFact(item, depth + 1)]))
  }
  const items = value.slice(0, itemsMax).map((item) => plainFact(item, depth + 1))
  return value.length > itemsMax ? [...items, `… and ${value.length - itemsMax} more`] : items
}
