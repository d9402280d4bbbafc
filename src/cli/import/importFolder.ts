import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { refuseToOverwrite, refuseToWrite, schemaFor, unwritable, writeChecked } from '../writeChecked.ts'
import { abiFiles } from './abiFiles.ts'
import { type Imported, importSource } from './importSource.ts'
import { readJsonFiles } from './readJsonFiles.ts'
import { readSource } from './readSource.ts'
import { createRemarks, type Remarks } from './remarks.ts'
import { renderImport } from './renderImport.ts'

/** Stands for every secret while the config is checked: a URL, and long enough for a key. */
const placeholder = 'https://placeholder.invalid/0123456789abcdef'

/**
 * Writes the config that a folder makes, and its ABIs beside it. Nothing is written where there is no monitor.
 *
 * @param dir Folder or file.
 * @throws {KnownError} There is nothing to read, or something cannot be written.
 */
export function importFolder(
  dir: string,
  { out, force }: { out: string; force: boolean },
): { imported: Imported; remarks: Remarks } {
  refuseToWrite(out, force)
  const remarks = createRemarks()
  const imported = importSource(readSource(readJsonFiles(dir, remarks), remarks), remarks)
  if (imported.monitors.length > 0) write(imported, remarks, { dir, out, force })
  return { imported, remarks }
}

/** The ABIs first, since the config names them; all or nothing new. */
function write(
  imported: Imported,
  remarks: Remarks,
  { dir, out, force }: { dir: string; out: string; force: boolean },
) {
  const { files, paths } = abiFiles(imported.contracts)
  const text = renderImport({
    imported,
    remarks,
    from: basename(resolve(dir)),
    schema: schemaFor(out),
    abiPaths: paths,
  })
  const env = { ...process.env, ...Object.fromEntries(imported.variables.map((name) => [name, placeholder])) }
  const folder = dirname(resolve(out))
  const made: string[] = []
  for (const path of files.keys()) refuseToOverwrite(join(folder, path), force)
  try {
    for (const [path, json] of files) {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      if (!existsSync(file)) made.push(file)
      writeFileSync(file, json)
    }
    writeChecked(out, text, env)
  } catch (cause) {
    for (const file of made) rmSync(file, { force: true })
    throw unwritable(out, cause)
  }
}
