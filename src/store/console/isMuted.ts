import { sql } from 'drizzle-orm'
import { noRoute } from '../../model/alert.ts'
import { alerts } from '../schema.ts'

/** Whether somebody meant that nobody is told of an alert. */
export const isMuted = sql<boolean>`coalesce(${alerts.mutedBecause} <> ${sql.raw(`'${noRoute}'`)}, false)`
