import { plugIns } from '../../app/plugIns.ts'
import type { ChainConfig } from '../../config/config.ts'
import { loadConfig } from '../../config/loadConfig.ts'
import { KnownError } from '../../model/error.ts'
import type { Monitor } from '../../model/monitor.ts'

export type ReplayedPart = { chain: ChainConfig; monitors: Monitor[]; hasDefaults: boolean }

/**
 * No more of the config than is played: the text and places of all of it take more memory than a long replay does.
 * @param chainId The chain that is played, where that is known. Nobody else is asked then, and no secret needs to be set.
 * @throws {KnownError} The config is wrong, or does not say which chain.
 */
export function replayedPart(
  { config: file, chain: wanted }: { config: string; chain?: string | undefined },
  chainId: number | null = null,
): ReplayedPart {
  const env = chainId === null ? process.env : withStandIns(process.env)
  const { chains, monitors, hasDefaults } = loadConfig(file, plugIns, env)
  const able = chains.filter(({ id, name }) => (wanted ? name === wanted : chainId === null || id === chainId))
  const [chain] = able
  if (!chain || able.length > 1) throw whichChain(file, chainId, chains)
  return { chain, monitors: monitors.filter((monitor) => monitor.chainId === chain.id), hasDefaults }
}

function whichChain(file: string, chainId: number | null, chains: readonly ChainConfig[]): KnownError {
  const names = chains.map(({ name }) => name).join(', ')
  if (chainId === null) return new KnownError('invalid', `Say which chain: --chain ${names}.`)
  return new KnownError('invalid', `The recording is of chain ${chainId}, which ${file} does not have.`, {
    hints: [`It has ${names}.`],
  })
}

/** Where a variable is not set, a URL that nobody asks. */
function withStandIns(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return new Proxy(env, { get: (set, name: string) => set[name] ?? 'https://not.asked.invalid/' })
}
