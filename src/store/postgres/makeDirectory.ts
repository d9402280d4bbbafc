import { chmod, chown, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { explainFileError } from './explainFileError.ts'
import type { OsUser } from './runProgram.ts'

type Options = { mode: number; owner?: OsUser | undefined }

/** Makes a directory and, where they are missing, its parents; whatever the umask, a new one has this mode, and the last one this owner. */
export async function makeDirectory(path: string, { mode, owner }: Options): Promise<void> {
  try {
    await mkdir(path, { mode })
    await chmod(path, mode)
    if (owner) await chown(path, owner.uid, owner.gid)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw explainFileError(error, path)
    // Level by level: mkdir's own way to make parents tells ENOENT where the disk is read-only.
    await makeDirectory(dirname(path), { mode })
    await makeDirectory(path, { mode, owner })
  }
}
