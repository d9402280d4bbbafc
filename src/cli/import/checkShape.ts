import type { z } from 'zod'
import { wordsOf } from '../../config/wordsOf.ts'
import type { Remarks } from './remarks.ts'

/** A value in the shape of a schema; what does not fit, and what the schema does not know, is remarked. */
export function checkShape<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  value: unknown,
  where: string,
  remarks: Remarks,
): z.output<z.ZodObject<Shape>> | undefined {
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const at = issue!.path.map((step) => String(step).slice(0, 40)).join('.') || 'it as a whole'
    const input = issue!.path.reduce<unknown>(
      (here, step) => (here as Record<PropertyKey, unknown> | null | undefined)?.[step],
      value,
    )
    remarks.add('lost', where, `\`${at}\` ${input === undefined ? 'is missing' : wordsOf(issue!, input)}.`)
    return undefined
  }
  const unknown = Object.keys(value as object).filter((key) => !Object.hasOwn(schema.shape, key))
  if (unknown.length > 0) remarks.add('lost', where, `The importer does not know ${unknown.slice(0, 10).join(', ')}.`)
  return parsed.data
}
