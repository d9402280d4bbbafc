import type { ImportedContract } from './contractBook.ts'

/** The ABIs as files beside the config, and which is that of each contract. Contracts with the same ABI share a file. */
export function abiFiles(contracts: readonly ImportedContract[]): {
  /** Text by path, from the folder of the config. */
  files: ReadonlyMap<string, string>
  /** Path by name of contract. */
  paths: ReadonlyMap<string, string>
} {
  const byText = new Map<string, string>()
  const paths = new Map<string, string>()
  for (const { name, abi } of contracts) {
    if (abi === null) continue
    const text = `${JSON.stringify(abi, null, 2)}\n`
    const path = byText.get(text) ?? `./abi/${name}.json`
    byText.set(text, path)
    paths.set(name, path)
  }
  return { files: new Map([...byText].map(([text, path]) => [path, text])), paths }
}
