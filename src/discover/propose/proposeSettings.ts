import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Settings } from '../find/findSettings.ts'
import type { Proposal } from './proposal.ts'

type Link = { in?: string; call?: string; slot?: string; is?: string }

/** Whom contracts pay and what they trust, unless another monitor reads it already: one change is one page. */
export function proposeSettings(
  contracts: readonly NamedFacts[],
  settings: Settings,
  others: readonly Proposal[],
): Proposal[] {
  const links = others.flatMap(({ options }) =>
    [options?.links, options?.pointers].flatMap((each) => (each ?? []) as Link[]),
  )
  return contracts.flatMap(({ name, facts }) => {
    const own = settings.get(facts.address)
    if (!own) return []
    const kept = links.filter((link) => link.in === `$${name}`)
    // A slot may be the one that the function reads; who is somebody else to it as well is no reason.
    const isRead = (asked: string, now: string) =>
      kept.some(
        ({ call, slot, is }) =>
          call === asked || (slot !== undefined && is !== undefined && now.endsWith(addressOf(is, contracts))),
      )
    const values = own.values.filter(({ call, now }) => !isRead(call, now))
    const slots = own.slots.filter((each) => !kept.some(({ slot }) => slot && BigInt(slot) === BigInt(each)))
    const restless = values.filter((each) => each.restless)
    if ([values, slots, own.lists, own.keyed].every((each) => each.length === 0)) return []
    const why = [`${name} says whom it pays or what it trusts: whatever a key puts there instead is told of at once.`]
    const options = {
      ...(values.length > 0 && { values: values.map(({ call }) => call) }),
      ...(slots.length > 0 && { slots }),
      ...(own.lists.length > 0 && { lists: [...own.lists] }),
      ...(own.keyed.length > 0 && { keyed: [...own.keyed] }),
      ...(restless.length > 0 && { restless: restless.map(({ call }) => call) }),
    }
    return [{ name: `${name}-settings`, use: 'key-settings', on: [name], options, why }]
  })
}

/** Without `0x`. */
const addressOf = (reference: string, contracts: readonly NamedFacts[]): string =>
  contracts.find(({ name }) => reference === `$${name}`)?.facts.address.slice(2) ??
  reference.replace('0x', '').toLowerCase()
