import type { Address } from '../model/chain.ts'
import type { Monitor } from '../model/monitor.ts'
import type { Inhibition, Route } from '../model/route.ts'

/** What the config says that alerts need to know. */
export type AlertContext = {
  chains: ReadonlyMap<number, { name: string; explorer: string | null; confirmations: number }>
  /** Name of a configured contract; undefined for others. */
  nameOf(chainId: number, address: Address): string | undefined
  monitors: ReadonlyMap<string, Pick<Monitor, 'mode' | 'resolveAfterSeconds'>>
  /** What to do when a detector speaks, from its manual. */
  adviceOf(detector: string): string
  routes: readonly Route[]
  inhibitions: readonly Inhibition[]
  /** Findings that join an alert are told together, at most this often. */
  updateEverySeconds: number
  /** Where people open an alert. */
  consoleUrl: string
}
