import { lstat, open, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

export type DescribedData = {
  directory: string
  /** What lies in it, with the bytes below; null: not readable for us. */
  entries: { name: string; bytes: number | null }[]
  freeBytes: number
  freeShare: number
  /** The last lines of each log in it. */
  logs: { name: string; lines: string[] }[]
}

const filesMax = 100_000
const logBytesMax = 32 * 1024
const linesMax = 100

/** What lies in the data directory; null where there is none. */
export async function describeData(directory: string): Promise<DescribedData | null> {
  const names = await readdir(directory).catch(() => null)
  if (!names) return null
  const budget = { files: filesMax }
  const entries: DescribedData['entries'] = []
  for (const name of names.toSorted()) entries.push({ name, bytes: await bytesBelow(join(directory, name), budget) })
  const { bavail, blocks, bsize } = await statfs(directory)
  const logs = ['postgres/server.log', ...names.filter((name) => name.endsWith('.log'))]
  const read = await Promise.all(logs.map(async (name) => ({ name, lines: await lastLines(join(directory, name)) })))
  return {
    directory,
    entries,
    freeBytes: bavail * bsize,
    freeShare: bavail / blocks,
    logs: read.filter(({ lines }) => lines.length > 0),
  }
}

/** Follows the link of the database only: as root, it lies elsewhere. */
async function bytesBelow(path: string, budget: { files: number }): Promise<number | null> {
  try {
    const found = await lstat(path)
    if (!found.isDirectory() && !found.isSymbolicLink()) return found.size
    let bytes = 0
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (budget.files-- <= 0) return bytes
      if (entry.isSymbolicLink()) continue
      bytes += (await bytesBelow(join(path, entry.name), budget)) ?? 0
    }
    return bytes
  } catch {
    return null
  }
}

async function lastLines(path: string): Promise<string[]> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const from = Math.max(0, size - logBytesMax)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(logBytesMax), 0, logBytesMax, from)
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
      return (from > 0 ? lines.slice(1) : lines).filter((line) => line !== '').slice(-linesMax)
    } finally {
      await file.close()
    }
  } catch {
    return []
  }
}
