import type { Abi } from 'viem'
import { z } from 'zod'
import { plainText } from '../../lib/plainText.ts'
import type { Address } from '../../model/chain.ts'
import { codeMetadata } from '../facts/codeMetadata.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { ipfsDigest } from './ipfsDigest.ts'
import type { SourceRepository } from './sourceRepository.ts'

/** What of a contract's facts its source tells. */
export type SourceFacts = Pick<ContractFacts, 'source' | 'sourceDoubt'>

const metadata = z.object({
  output: z.object({ abi: z.array(z.unknown()).max(5_000) }),
  settings: z.object({ compilationTarget: z.record(z.string(), z.string()) }),
  sources: z.record(z.string(), z.unknown()),
})

const packagesMax = 20

/** `readAbi`: null where what stands there is no ABI, as strangers write what their code names. */
export type SourceReading = {
  repository: SourceRepository
  chainId: number
  readAbi(items: readonly unknown[]): Abi | null
}

/**
 * The source that a repository has of the code that runs at an address. It is believed where the code names it by its
 * hash: who runs the repository, or stands on the way, cannot make us read a contract wrongly.
 * @throws {KnownError} The repository cannot be asked.
 */
export async function findSource(
  { address, form, proxy, codes }: ContractFacts,
  { repository, chainId, readAbi }: SourceReading,
): Promise<SourceFacts> {
  if (form !== 'contract') return {}
  const of = proxy?.implementation ?? address
  const file = await repository.find(chainId, of)
  const code = codes[proxy?.implementation ? 1 : 0]
  if (!file || code === undefined) return {}
  const named = codeMetadata(code)?.ipfs ?? null
  if (named === null) return doubt('its code names no metadata, so that what the repository holds cannot be proved')
  if (ipfsDigest(file) !== named) return doubt('what the repository holds is not the metadata that its code names')
  return read(file, of, readAbi)
}

const doubt = (sourceDoubt: string): SourceFacts => ({ sourceDoubt })

function read(file: Uint8Array, of: Address, readAbi: SourceReading['readAbi']): SourceFacts {
  const parsed = metadata.safeParse(parse(file))
  const abi = parsed.success ? readAbi(parsed.data.output.abi) : null
  if (!parsed.success || !abi) return doubt('the metadata that its code names is not as solc writes it')
  const { settings, sources } = parsed.data
  const name = plainText(Object.values(settings.compilationTarget)[0] ?? 'unnamed', 60)
  const packages = packagesIn(Object.keys(sources))
  const uses = packages.length > 0 ? `, with ${packages.join(', ')}` : ''
  return { source: { of, name, packages, abi, why: `its source is ${name}${uses}, proved by the hash in its code` } }
}

function parse(file: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(file).toString('utf8'))
  } catch {
    return undefined
  }
}

/** `@openzeppelin/contracts/token/…` and `node_modules/solmate/src/…` are of packages; the paths tell nothing of others. */
function packagesIn(paths: readonly string[]): string[] {
  const names = paths.flatMap((path) => {
    const found =
      /^(?:.*node_modules\/|npm\/|lib\/)?(@[\w.-]+\/[\w.@-]+)\//.exec(path) ??
      /(?:node_modules|lib)\/([\w.@-]+)\//.exec(path)
    return found ? [found[1]!] : []
  })
  return [...new Set(names)].toSorted().slice(0, packagesMax)
}
