import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'

/** A compiled contract, as `demo/compile.ts` writes it. `deployedBytecode` has zeros where immutables go. */
export type Artifact = { contractName: string; abi: Abi; bytecode: Hex; deployedBytecode: Hex }

export const readArtifact = (contractName: string): Artifact =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'artifacts', `${contractName}.json`), 'utf8'))
