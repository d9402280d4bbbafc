import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { NodePgDatabase, NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgTransaction } from 'drizzle-orm/pg-core'
import type * as schema from './schema.ts'

export type Database = NodePgDatabase<typeof schema>

/** What the verbs of the store take: the database itself, or the transaction in which they are to take part. */
export type Connection =
  | Database
  | PgTransaction<NodePgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>
