import type { ContractFacts } from './contractFacts.ts'

/** Whether the watch can read block by block what a proxy runs. It looks into no code and into no slot of a Safe. */
export function isFollowed(proxy: ContractFacts['proxy']): boolean {
  return proxy !== undefined && !['erc1167', 'safe', 'diamond'].includes(proxy.pattern)
}
