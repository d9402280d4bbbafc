import type { AlertContext } from '../alerts/alertContext.ts'
import type { Config } from '../config/config.ts'
import { plugIns } from './plugIns.ts'

const selfAdvice =
  'Nobody is watching what this names until it is mended. Look at the console and the log, and run `tocsin doctor`.'

/** What alerts need to know of the config. */
export function alertContextOf(config: Config, consoleUrl: string): AlertContext {
  const chainIds = new Map(config.chains.map(({ name, id }) => [name, id]))
  const names = new Map(
    config.contracts.map(({ name, chain, address }) => [`${chainIds.get(chain)} ${address}`, name] as const),
  )
  return {
    chains: new Map(config.chains.map((chain) => [chain.id, chain])),
    nameOf: (chainId, address) => names.get(`${chainId} ${address}`),
    monitors: new Map(config.monitors.map((monitor) => [monitor.name, monitor])),
    adviceOf: (detector) => plugIns.detectors.get(detector)?.response ?? selfAdvice,
    routes: config.routes,
    inhibitions: config.inhibitions,
    updateEverySeconds: config.updateEverySeconds,
    consoleUrl,
  }
}
