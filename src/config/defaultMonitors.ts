import type { ConfigFile } from './schema.ts'

/** What is watched where the config names no monitors: what nobody would want to miss on any contract. */
export const defaultMonitors: NonNullable<ConfigFile['monitors']> = {
  'privileged-change': { use: 'privileged-change', mode: 'active', options: {} },
  outflow: { use: 'outflow-cap', mode: 'active', options: { percent: 10, window: '1h' } },
  'transaction-rate': { use: 'transaction-rate', mode: 'active', options: {} },
}
