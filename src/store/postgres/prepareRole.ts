import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { type Cluster, roleName } from './cluster.ts'

/**
 * Makes, where they are missing, the database that Tocsin works in and the role that owns it. That role is an ordinary
 * one: a superuser of PostgreSQL can run programs.
 *
 * @param client The administrator's connection.
 * @returns The URL for that role, which holds its password.
 */
export async function prepareRole(client: Client, { password, socketDirectory }: Cluster): Promise<string> {
  // Derived, so that there is one secret on the disk, and processes that only use the database never learn it.
  const derived = createHash('sha256').update(`tocsin role ${password}`).digest('hex')
  const { rows } = await client.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as role,
      exists (select from pg_database where datname = $1) as database`,
    [roleName],
  )
  if (!rows[0]?.role) await client.query(`create role ${roleName} login password '${derived}'`)
  if (!rows[0]?.database) await client.query(`create database ${roleName} owner ${roleName}`)
  return `postgresql://${roleName}:${derived}@localhost/${roleName}?host=${encodeURIComponent(socketDirectory)}`
}
