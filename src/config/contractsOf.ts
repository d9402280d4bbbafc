import type { Abi } from 'viem'
import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'
import { AbiError, loadAbi } from './loadAbi.ts'
import type { Sections } from './parseSections.ts'
import type { Path } from './readYaml.ts'
import { didYouMean, type Report } from './report.ts'

/** `isWrong`: something about it was reported; it is kept so that what refers to it is not reported as well. */
export type KnownContract = { contract: Contract; isWrong: boolean }

const nowhere = { chain: '', address: '0x0000000000000000000000000000000000000000', role: 'protected' } as const

/** The contracts of the config with their ABIs. */
export function contractsOf({ contracts, chains }: Sections, folder: string, report: Report): KnownContract[] {
  const [only, ...others] = chains.names
  return contracts.names.map((name): KnownContract => {
    const entry = contracts.entries[name]
    if (!entry) return { contract: { name, ...nowhere }, isWrong: true }
    const { address, kind, role, chain = others.length === 0 ? only : undefined } = entry
    const path = ['contracts', name]
    if (chain === undefined && chains.names.length > 0) {
      report(
        path,
        `\`${name}\` does not say on which chain it stands.`,
        `Add \`chain:\`. ${didYouMean('', chains.names)}`,
      )
    } else if (chain !== undefined && !chains.names.includes(chain)) {
      report([...path, 'chain'], `There is no chain \`${chain}\`.`, didYouMean(chain, chains.names))
    }
    const contract: Contract = { name, chain: chain ?? '', address, role, ...(kind === undefined ? {} : { kind }) }
    const abiAt = (at: Path, given: string | unknown[]): Abi[] => {
      try {
        return [loadAbi(given, folder)]
      } catch (error) {
        if (!(error instanceof AbiError)) throw error
        report(error.index === undefined ? at : [...at, error.index], error.message)
        return []
      }
    }
    if (entry.abi !== undefined) for (const abi of abiAt([...path, 'abi'], entry.abi)) contract.abi = abi
    if (entry.implementations) {
      const at = [...path, 'implementations']
      contract.implementations = new Map(
        Object.entries(entry.implementations).flatMap(([implementation, given]) =>
          abiAt([...at, implementation], given).map((abi) => [implementation as Address, abi] as const),
        ),
      )
    }
    return { contract, isWrong: report.isWrong(path) || !chains.entries[contract.chain] }
  })
}
