import type { NamedFacts } from '../facts/nameContracts.ts'
import { standardSignatures } from '../facts/standardSignatures.ts'
import type { Proposal } from './proposal.ts'

/** Rules over the events of the standards that a contract follows, as far as its code sends them. */
export function proposeRules(contract: NamedFacts): Proposal[] {
  const events = standardSignatures(contract.facts).flatMap((signature) => /^event (\w+)/.exec(signature)?.[1] ?? [])
  return vaultRules(contract).filter(({ when }) => events.includes(/^event (\w+)/.exec(when ?? '')?.[1] ?? ''))
}

const rule = (
  { name }: NamedFacts,
  suffix: string,
  when: string,
  severity: NonNullable<Proposal['severity']>,
  why: string,
): Proposal => ({ name: `${name}-${suffix}`, use: 'expression', on: [name], when, severity, why: [why] })

function vaultRules(contract: NamedFacts): Proposal[] {
  const { vault } = contract.facts
  const tenth = vault ? vault.totalAssets / 10n : 0n
  if (!vault || tenth === 0n) return []
  const limit = literal(tenth, vault.assetDecimals)
  const why = `A tenth of what ${contract.name} holds now in one withdrawal. Let it fit the size of your users.`
  return [rule(contract, 'withdrawal', `event Withdraw if assets >= ${limit}`, 'medium', why)]
}

/** Two digits that matter, in base units as the rule language writes them: `390_000e6`. */
export function literal(units: bigint, decimals: number | null): string {
  const rounded = roundDown(units)
  const scale = 10n ** BigInt(decimals ?? 0)
  const whole = rounded / scale
  const number = (value: bigint) => value.toString().replace(/\B(?=(\d{3})+$)/g, '_')
  return decimals && whole > 0n && rounded % scale === 0n ? `${number(whole)}e${decimals}` : number(rounded)
}

function roundDown(units: bigint): bigint {
  const step = 10n ** BigInt(Math.max(0, units.toString().length - 2))
  return (units / step) * step
}
