import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'

/** The text of a small file; `fault`: the end of a sentence that says why there is none. */
export function readTextFile(path: string, bytesMax: number): { text: string } | { fault: string } {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    // A device or a pipe may never end.
    if (!fstatSync(file).isFile()) return { fault: 'is no ordinary file' }
    if (size > bytesMax) return { fault: `is larger than ${bytesMax / 1024} KiB` }
    const bytes = readFileSync(file)
    if (bytes.includes(0)) return { fault: 'is no text in UTF-8' }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TypeError) return { fault: 'is no text in UTF-8' }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return { fault: code === 'ENOENT' ? 'is not there' : `cannot be read (${code})` }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
