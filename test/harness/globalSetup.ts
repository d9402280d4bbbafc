import { nameTestServer, removeOldTestServers, removeTestServer } from './testServer.ts'

/** The run's PostgreSQL is started by the first test that asks for a database, so that a run without any pays nothing. */
export default async function setup(): Promise<() => Promise<void>> {
  await removeOldTestServers()
  const directory = nameTestServer()
  return () => removeTestServer(directory)
}
