import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readTextFile } from '../../config/readTextFile.ts'
import { KnownError } from '../../model/error.ts'
import { parseJson } from './parseJson.ts'
import type { Remarks } from './remarks.ts'

export type JsonFile = { file: string; value: unknown }

const filesMax = 2000
const fileBytesMax = 4 * 1024 * 1024
const allBytesMax = 64 * 1024 * 1024
/** Folders within each other, such as `config/monitors`. */
const foldersMax = 3

/**
 * The JSON files of a folder and of those in it, in the order of their names; or the one file that is named. What cannot
 * be read is remarked, and the rest is read.
 *
 * @throws {KnownError} There is nothing at that path, or far too much.
 */
export function readJsonFiles(root: string, remarks: Remarks): JsonFile[] {
  const stats = statSync(root, { throwIfNoEntry: false })
  if (!stats) {
    throw new KnownError('not_found', `${root} is not there.`, {
      hints: ['Name the folder that holds networks/, monitors/ and triggers/.'],
    })
  }
  const paths = stats.isDirectory() ? pathsBelow(root, foldersMax, remarks) : [root]
  if (paths.length > filesMax) {
    throw new KnownError('invalid', `${root} holds ${paths.length} JSON files, and at most ${filesMax} can be read.`, {
      hints: ['Name the folder of the monitor configuration itself.'],
    })
  }
  let room = allBytesMax
  return paths.flatMap((path) => {
    const file = relative(root, path) || path
    const read = readTextFile(path, fileBytesMax)
    if ('text' in read) room -= read.text.length
    const parsed = 'fault' in read ? read : room < 0 ? { fault: tooMuch } : parseJson(read.text)
    if ('value' in parsed) return { file, value: parsed.value }
    remarks.add('lost', file, `The file ${parsed.fault}.`)
    return []
  })
}

const tooMuch = `was left out: the files before it are ${allBytesMax / 1024 / 1024} MiB already`

function pathsBelow(folder: string, levels: number, remarks: Remarks): string[] {
  const names = namesIn(folder, remarks).filter((name) => !name.startsWith('.') && name !== 'node_modules')
  return names.sort().flatMap((name) => {
    const path = join(folder, name)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory()) return levels > 1 ? pathsBelow(path, levels - 1, remarks) : []
    return stats?.isFile() && name.endsWith('.json') ? [path] : []
  })
}

function namesIn(folder: string, remarks: Remarks): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    remarks.add('lost', folder, `The folder cannot be read (${error.code}).`)
    return []
  }
}
