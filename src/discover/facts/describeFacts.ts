import type { ContractFacts, ProxyPattern } from './contractFacts.ts'

const proxies: Record<ProxyPattern, string> = {
  erc1967: 'ERC-1967 proxy',
  beacon: 'beacon proxy',
  erc1822: 'ERC-1822 proxy',
  'legacy-oz': 'proxy of the first OpenZeppelin kind',
  erc1167: 'minimal proxy',
  safe: 'Safe proxy',
  'implementation()': 'proxy of its own kind',
  diamond: 'diamond',
}
const tokens = { erc20: 'ERC-20 token', erc721: 'ERC-721 token', erc1155: 'ERC-1155 token' } as const

/** What an address is, in half a sentence such as `ERC-4626 vault of USDC, behind an ERC-1967 proxy, with roles`. */
export function describeFacts(facts: ContractFacts): string {
  if (facts.form === 'account') return 'account without code'
  if (facts.form === 'delegated') return 'account that lets a contract run for it (ERC-7702)'
  const { token, vault, safe, governor, timelock, feed, pair, pool, accessManager, module } = facts
  const natures = [
    vault && `ERC-4626 vault of ${vault.assetSymbol ?? vault.asset}`,
    safe && `Safe ${safe.version} (${safe.threshold} of ${safe.owners.length})`,
    module && `${module.kind} module${module.seconds === null ? '' : ` of ${module.seconds} s`}`,
    governor && 'governor',
    timelock && `timelock of ${timelock.minDelaySeconds} s`,
    accessManager && 'access manager',
    feed && `price feed${feed.description ? ` ${feed.description}` : ''}`,
    pair && 'Uniswap v2 pair',
    pool && 'Uniswap v3 pool',
    token && !vault && `${tokens[token.standard]}${token.symbol ? ` ${token.symbol}` : ''}`,
  ].filter((nature) => typeof nature === 'string')
  const also = [
    facts.proxy && facts.proxy.pattern !== 'safe' && `behind ${articled(proxies[facts.proxy.pattern])}`,
    !facts.proxy && facts.forwards && 'handing its calls on to code that cannot be found',
    facts.bridge && 'one side of a bridge',
    facts.owned && 'with an owner',
    facts.roles && (facts.roles.authority ? 'under an access manager' : 'with roles'),
    facts.pausable && (facts.pausable.paused ? 'paused' : 'pausable'),
  ].filter((each) => typeof each === 'string')
  const nature = natures.length > 0 ? natures.join(', ') : 'contract of its own kind'
  return [nature, ...also].join(', ')
}

const articled = (noun: string) => `${/^[AEIOU]/.test(noun) ? 'an' : 'a'} ${noun}`
