import { z } from 'zod'

/**
 * A dump is one gzip file of text: the header as a line of JSON; then, for each table in the header's order, its rows as
 * PostgreSQL's `COPY` writes them, and a line with a backslash, a full stop and the number of rows. No row can look like
 * that line, for `COPY` doubles a backslash.
 */
export const dumpHeader = z.object({
  format: z.literal('tocsin-dump'),
  version: z.literal(1),
  takenAt: z.iso.datetime(),
  /** The last one that was applied. */
  migration: z.object({ name: z.string().max(200), hash: z.string().max(64) }),
  /** Tables that others refer to come first. */
  tables: z.array(z.object({ name: z.string().max(63), columns: z.array(z.string().max(63)).max(1_600) })).max(1_000),
  sequences: z.array(z.object({ name: z.string().max(63), value: z.string().regex(/^-?\d{1,19}$/) })).max(1_000),
})

export type DumpHeader = z.infer<typeof dumpHeader>

export const tableEnd = '\\.'
