import type { AnyChannel } from '../model/channel.ts'
import type { Contract } from '../model/contract.ts'
import type { Monitor } from '../model/monitor.ts'
import type { Inhibition, Route } from '../model/route.ts'
import type { Secret } from '../model/secret.ts'
import type { MonitorStatus } from '../model/status.ts'
import type { YamlFile } from './readYaml.ts'

export type ChainConfig = {
  name: string
  id: number
  rpc: readonly Secret[]
  confirmations: number
  finalityDepth: number
  quorum: number
  verify: 'auto' | 'always' | 'never'
  headerFields: readonly string[]
  startAt: number | 'latest'
  lookBack: number
  pollMs: number
  blindAfterMs: number
  staleAfterMs: number
  explorer: string | null
}

export type ChannelConfig = { name: string; channel: AnyChannel; options: unknown }

/** The config file, checked and compiled. */
export type Config = {
  file: string
  protocol: string
  chains: readonly ChainConfig[]
  contracts: readonly Contract[]
  monitors: readonly Monitor[]
  /** The config names no monitors, so that these are the default ones. */
  hasDefaults: boolean
  /** What to show of the monitors, those that are off included. */
  shown: readonly MonitorStatus[]
  channels: readonly ChannelConfig[]
  routes: readonly Route[]
  inhibitions: readonly Inhibition[]
  updateEverySeconds: number
  console: { port: number }
  heartbeat: { url: Secret; everySeconds: number; allowPrivate: boolean } | null
  /** For problems that only the chain can show: where in the file the value at a path stands. */
  placeOf: YamlFile['placeOf']
  retention: { findingsSeconds: number; messagesSeconds: number }
}
