import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { KnownError } from '../model/error.ts'
import { type DumpHeader, dumpHeader, tableEnd } from './dumpFormat.ts'
import { explainFileError } from './postgres/explainFileError.ts'

export type DumpReader = {
  header: DumpHeader
  /** The rows of the next table, in pieces of any length; to be read to its end. Returns their number. */
  rows(): AsyncGenerator<Buffer, number>
  /** Reads on to the end of the file, where gzip's own check of the whole stands. */
  finish(): Promise<void>
  close(): void
}

const longestLine = 1_000_000

/**
 * Opens a dump and reads its header; holds a piece of it in memory at any time, however big it is.
 *
 * @throws KnownError here and while it is read: there is no such file, or it is damaged or no dump.
 */
export async function readDump(file: string): Promise<DumpReader> {
  const source = pipeline(createReadStream(file), createGunzip(), () => {})
  const pieces: AsyncIterator<Buffer> = source[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)

  /** Adds the next piece to `rest`. False: the file is at its end. */
  async function more(): Promise<boolean> {
    const next = await pieces.next().catch((error) => {
      throw explain(error, file)
    })
    if (!next.done) rest = Buffer.concat([rest, next.value])
    return !next.done
  }

  async function line(): Promise<string> {
    let end = rest.indexOf('\n')
    while (end < 0) {
      if (rest.length > longestLine || !(await more())) throw damaged(file)
      end = rest.indexOf('\n')
    }
    const text = rest.toString('utf8', 0, end)
    rest = rest.subarray(end + 1)
    return text
  }

  async function* rows(): AsyncGenerator<Buffer, number> {
    while (rest.length < tableEnd.length) if (!(await more())) throw damaged(file)
    if (!rest.subarray(0, tableEnd.length).equals(Buffer.from(tableEnd))) {
      let end = rest.indexOf(`\n${tableEnd}`)
      while (end < 0) {
        // The mark may be cut in two by the end of this piece.
        const sure = Math.max(0, rest.length - tableEnd.length)
        if (sure > 0) yield rest.subarray(0, sure)
        rest = rest.subarray(sure)
        if (!(await more())) throw damaged(file)
        end = rest.indexOf(`\n${tableEnd}`)
      }
      yield rest.subarray(0, end + 1)
      rest = rest.subarray(end + 1)
    }
    return Number((await line()).slice(tableEnd.length))
  }

  async function finish(): Promise<void> {
    if (rest.length > 0 || (await more())) throw damaged(file)
  }

  try {
    return { header: parseHeader(await line(), file), rows, finish, close: () => source.destroy() }
  } catch (error) {
    source.destroy()
    throw error
  }
}

function parseHeader(text: string, file: string): DumpHeader {
  try {
    return dumpHeader.parse(JSON.parse(text))
  } catch (cause) {
    throw new KnownError('invalid', `${file} is not a dump that this version of Tocsin can read.`, {
      cause,
      hints: ['Name a file that tocsin backup wrote, or restore it with the version that wrote it.'],
    })
  }
}

function damaged(file: string, cause?: unknown): KnownError {
  return new KnownError('invalid', `The dump ${file} is damaged or cut short.`, {
    cause,
    hints: ['Copy it again from where it was written, or take an older one.'],
  })
}

function explain(error: NodeJS.ErrnoException, file: string): unknown {
  if (error.code === 'ENOENT') return new KnownError('not_found', `There is no file ${file}.`, { cause: error })
  return error.code?.startsWith('Z_') ? damaged(file, error) : explainFileError(error, file)
}
