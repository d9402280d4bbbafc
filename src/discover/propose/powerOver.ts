import type { ContractFacts, ProxyPattern } from '../facts/contractFacts.ts'

/** Who can change what a contract does. */
export function powerOver(facts: ContractFacts): string {
  if (facts.form !== 'contract') return 'whoever signs for it may hand it over to a contract (ERC-7702)'
  const { proxy, owned, roles, pausable, safe, timelock, governor } = facts
  const powers = [
    safe && `${safe.threshold} of its ${safe.owners.length} owners can do everything`,
    proxy?.admin && `its admin ${proxy.admin} can replace its code`,
    proxy && !proxy.admin && !isFixed(proxy.pattern) && 'its code can be replaced',
    owned && `its owner ${owned.owner}${owned.ownerHasCode === false ? ', a single key,' : ''} has power over it`,
    roles &&
      (roles.authority ? `the access manager ${roles.authority} says who may do what` : 'roles say who may do what'),
    pausable && 'it can be paused',
    timelock && 'what it is told is done after a delay',
    governor && 'its votes decide',
  ].filter((power) => typeof power === 'string')
  return powers.length > 0
    ? powers.join('; ')
    : 'no power over it was found, so any change of its code or owner is news'
}

/** A minimal proxy runs the same code for ever; a Safe's owners are named already. */
const isFixed = (pattern: ProxyPattern) => pattern === 'erc1167' || pattern === 'safe'
