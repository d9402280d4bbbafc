import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Abi, Hex } from 'viem'
import type { Code } from './stage.ts'

const { resolve } = createRequire(import.meta.url)

type Linked = Record<string, Record<string, { start: number; length: number }[]>>

/**
 * A contract out of the npm package that it is published in, read where it lies: most licences are not ours.
 *
 * @param libraries Addresses of the libraries that it is linked with, by name.
 * @throws {Error} The package is not installed, or has no such contract.
 */
export function readPackaged(packageName: string, path: string, libraries: Record<string, Hex> = {}): Code {
  const folder = dirname(resolve(`${packageName}/package.json`))
  const artifact: { abi: Abi; bytecode: string; linkReferences?: Linked } = JSON.parse(
    readFileSync(join(folder, path), 'utf8'),
  )
  const code = artifact.bytecode.replace(/^0x/, '')
  return { abi: artifact.abi, bytecode: `0x${linked(code, artifact.linkReferences ?? {}, libraries)}` }
}

function linked(code: string, references: Linked, libraries: Record<string, Hex>): string {
  let text = code
  for (const [name, places] of Object.values(references).flatMap((each) => Object.entries(each))) {
    const address = libraries[name]
    if (!address) throw new Error(`The address of the library ${name} is missing.`)
    for (const { start } of places) {
      text = text.slice(0, start * 2) + address.slice(2).toLowerCase() + text.slice(start * 2 + 40)
    }
  }
  return text
}
