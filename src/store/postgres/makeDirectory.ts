import { chmod, chown, mkdir } from 'node:fs/promises'
import { explainFileError } from './explainFileError.ts'
import type { OsUser } from './runProgram.ts'

/** Makes a directory and its parents; whatever the umask, a new one gets this mode, and this owner if one is given. */
export async function makeDirectory(path: string, { mode, owner }: { mode: number; owner?: OsUser | undefined }) {
  try {
    const made = await mkdir(path, { recursive: true, mode })
    if (made === undefined) return
    await chmod(path, mode)
    if (owner) await chown(path, owner.uid, owner.gid)
  } catch (error) {
    throw explainFileError(error, path)
  }
}
