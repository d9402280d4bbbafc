import { Client, type Pool } from 'pg'

/**
 * Hands a connection of its own to work that may take long, such as migrations and dumps, which the time-outs of the
 * pool would cut off, and closes it afterwards, which also rolls back what was not committed.
 */
export async function connectAlone<Result>(pool: Pool, work: (client: Client) => Promise<Result>): Promise<Result> {
  const { connectionString, application_name, connectionTimeoutMillis } = pool.options
  const client = new Client({ connectionString, application_name, connectionTimeoutMillis, keepAlive: true })
  // A connection that breaks is told to whoever waits for an answer of it.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
