import { openDatabase } from '../../src/store/openDatabase.ts'
import { cursors } from '../../src/store/schema.ts'

/** Told to the process that started this one. */
export type Told = { opened: true; pid: number } | { opened: false; name: string; message: string; hints: string[] }

/**
 * A process of its own that opens the embedded database of the directory in its first argument, writes a row, says so,
 * and holds it until it is killed or told to close.
 */
const tell = (told: Told) => process.send?.(told)
try {
  const database = await openDatabase({ dataDirectory: process.argv[2] ?? '' })
  await database.db
    .insert(cursors)
    .values({ chainId: process.pid, lane: 'head', blockNumber: 7, blockHash: '0xab', timestamp: 70 })
  tell({ opened: true, pid: process.pid })
  process.once('message', () => void database.close().then(() => process.disconnect()))
} catch (error) {
  const { name, message, hints = [] } = error as Error & { hints?: string[] }
  tell({ opened: false, name, message, hints })
  process.disconnect()
}
