import type { Chain } from './types.ts'

/** Address of the explorer's page about something; null where there is no explorer, or the value is not what it should be. */
export function explorerLink(
  chain: Chain | undefined,
  kind: 'address' | 'tx' | 'block',
  value: string | number,
): string | null {
  const explorer = chain?.explorer
  if (!explorer?.startsWith('https://')) return null
  const fits = { address: /^0x[0-9a-fA-F]{40}$/, tx: /^0x[0-9a-f]{64}$/, block: /^\d+$/ }[kind]
  return fits.test(String(value)) ? `${explorer}/${kind}/${value}` : null
}
