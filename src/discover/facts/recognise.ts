import { delegateOf } from '../../evm/accountCode.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { addressesOf, addressOf, dataOf, flagOf, numberAt, numberOf, smallNumberOf, textOf } from './answerOf.ts'
import type { Answers } from './askState.ts'
import { codeMetadata } from './codeMetadata.ts'
import { looksLikeForwarder } from './codeScan.ts'
import type { ContractFacts, ModuleKind } from './contractFacts.ts'
import { findProxy } from './findProxy.ts'
import { balanceRead, callRead, codeRead, convertRead } from './probes.ts'
import { recogniseFeed } from './recogniseFeed.ts'
import { believed, type Says } from './says.ts'

/** No token of this world has more; a larger number is a token that wants to be shown as nothing. */
const decimalsMax = 36

/** What the answers make of an address. Pure. */
export function recognise(address: Address, answers: Answers): ContractFacts {
  const code = dataOf(answers.of(codeRead(address)))
  const balance = answers.of(balanceRead(address))
  const known = { address, balance: balance.ok ? BigInt(balance.data) : null }
  if (!code) return { ...known, form: 'account', codes: [], forwards: false }
  if (delegateOf(code)) return { ...known, form: 'delegated', codes: [code], forwards: true }
  const proxy = findProxy(address, answers)
  const behind = proxy?.implementation ? dataOf(answers.of(codeRead(proxy.implementation))) : undefined
  const codes = behind ? [code, behind] : [code]
  const forwards = proxy ? behind === undefined : looksLikeForwarder(code)
  const says = believed(address, answers, { codes, forwards })
  return {
    ...known,
    form: 'contract',
    codes,
    forwards,
    ...present('proxy', proxy),
    ...present('vault', vaultOf(address, answers, says)),
    ...present('token', tokenOf(says)),
    ...present('owned', ownedOf(says, answers)),
    ...present('roles', rolesOf(says)),
    ...present('accessManager', accessManagerOf(says)),
    ...present('pausable', pausableOf(says)),
    ...present('safe', safeOf(says)),
    ...present('module', moduleOf(says)),
    ...present('governor', governorOf(says)),
    ...present('timelock', timelockOf(says)),
    ...present('feed', recogniseFeed(address, answers, says, codes)),
    ...present('pair', pairOf(says)),
    ...present('pool', poolOf(says)),
    ...present('bridge', bridgeOf(address, says)),
    ...present('compiled', compiledOf(codes.at(-1)!)),
  }
}

function compiledOf(code: Hex): ContractFacts['compiled'] {
  const compiler = codeMetadata(code)?.compiler
  return compiler ? { compiler, why: `its code says that solc ${compiler} made it` } : undefined
}

const present = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value }

const decimalsOf = (data: Hex | undefined) => smallNumberOf(data, decimalsMax) ?? null

function tokenOf(says: Says): ContractFacts['token'] {
  const symbol = textOf(says('symbol')) ?? null
  const totalSupply = numberOf(says('totalSupply')) ?? null
  const speaks165 = flagOf(says('erc165')) === true && flagOf(says('erc165None')) === false
  if (speaks165 && flagOf(says('erc721'))) {
    return { standard: 'erc721', symbol, decimals: null, totalSupply, why: 'it says so by ERC-165 (ERC-721)' }
  }
  if (speaks165 && flagOf(says('erc1155'))) {
    return { standard: 'erc1155', symbol, decimals: null, totalSupply: null, why: 'it says so by ERC-165 (ERC-1155)' }
  }
  const decimals = decimalsOf(says('decimals'))
  if (totalSupply === null || (decimals === null && symbol === null)) return undefined
  return {
    standard: 'erc20',
    symbol,
    decimals,
    totalSupply,
    why: 'it answers totalSupply(), and symbol() or decimals()',
  }
}

/** Base units of one share; 18 decimals where the vault does not say. */
export function oneShareOf(address: Address, answers: Answers): bigint {
  return 10n ** BigInt(decimalsOf(dataOf(answers.of(callRead(address, 'decimals')))) ?? 18)
}

function vaultOf(address: Address, answers: Answers, says: Says): ContractFacts['vault'] {
  const asset = addressOf(says('asset'))
  const totalAssets = numberOf(says('totalAssets'))
  if (!asset || totalAssets === undefined) return undefined
  const oneShare = oneShareOf(address, answers)
  return {
    asset,
    assetSymbol: textOf(dataOf(answers.of(callRead(asset, 'symbol')))) ?? null,
    assetDecimals: decimalsOf(dataOf(answers.of(callRead(asset, 'decimals')))),
    totalAssets,
    oneShare,
    assetsPerShare: numberOf(dataOf(answers.of(convertRead(address, oneShare)))) ?? null,
    why: 'it answers asset() and totalAssets(), as ERC-4626 vaults do',
  }
}

function ownedOf(says: Says, answers: Answers): ContractFacts['owned'] {
  const owner = addressOf(says('owner'))
  if (!owner) return undefined
  const code = answers.of(codeRead(owner))
  const ownerHasCode = code.ok ? code.data !== '0x' : null
  return { owner, ownerHasCode, pendingOwner: addressOf(says('pendingOwner')) ?? null, why: 'owner() names an address' }
}

function rolesOf(says: Says): ContractFacts['roles'] {
  const authority = addressOf(says('authority'))
  if (authority) return { authority, why: 'authority() names an access manager' }
  return says('roleAdmin')?.length === 66 ? { authority: null, why: 'it answers getRoleAdmin()' } : undefined
}

function accessManagerOf(says: Says): ContractFacts['accessManager'] {
  const [expirationSeconds, setback] = [numberOf(says('expiration')), numberOf(says('minSetback'))]
  if (expirationSeconds === undefined || setback === undefined) return undefined
  return { expirationSeconds, why: 'it answers expiration() and minSetback(), as an AccessManager does' }
}

function pausableOf(says: Says): ContractFacts['pausable'] {
  const paused = flagOf(says('paused'))
  return paused === undefined ? undefined : { paused, why: `paused() is ${paused}` }
}

const ownersMax = 100

function safeOf(says: Says): ContractFacts['safe'] {
  const threshold = smallNumberOf(says('threshold'), ownersMax)
  const owners = addressesOf(says('owners'))
  const version = textOf(says('safeVersion'))
  if (threshold === undefined || !owners?.length || threshold > owners.length || !version) return undefined
  const modules = addressesOf(says('modules'), 2) ?? []
  return {
    version,
    threshold,
    owners,
    modules,
    why: 'it answers getThreshold(), getOwners() and VERSION(), as a Safe does',
  }
}

function moduleOf(says: Says): ContractFacts['module'] {
  const account = addressOf(says('avatar'))
  if (!account) return undefined
  const [cooldown, liveness, question] = (['txCooldown', 'liveness', 'questionCooldown'] as const).map((name) =>
    numberOf(says(name)),
  )
  const is = (kind: ModuleKind, seconds: bigint | null, asked: string): ContractFacts['module'] => {
    return { kind, account, seconds, why: `it answers avatar() and ${asked}, as a ${kind} module does` }
  }
  if (cooldown !== undefined && numberOf(says('txNonce')) !== undefined) return is('delay', cooldown, 'txCooldown()')
  if (liveness !== undefined && addressOf(says('optimisticOracle')))
    return is('optimistic governor', liveness, 'optimisticOracleV3()')
  if (question !== undefined) return is('reality', question, 'questionCooldown()')
  return numberOf(says('defaultRole')) === undefined ? undefined : is('roles', null, 'defaultRoles()')
}

function governorOf(says: Says): ContractFacts['governor'] {
  const votingPeriod = numberOf(says('votingPeriod'))
  if (votingPeriod === undefined) return undefined
  const timelock = addressOf(says('timelock')) ?? null
  const is = (why: string) => ({ votingPeriod, timelock, why })
  if (textOf(says('countingMode'))) return is('it answers COUNTING_MODE() and votingPeriod(), as a Governor does')
  const counts = (['quorumVotes', 'proposalCount'] as const).every((name) => numberOf(says(name)) !== undefined)
  return counts ? is('it answers quorumVotes() and votingPeriod(), as the governors of Compound do') : undefined
}

function timelockOf(says: Says): ContractFacts['timelock'] {
  const minDelaySeconds = numberOf(says('minDelay'))
  if (minDelaySeconds !== undefined) return { minDelaySeconds, why: 'it answers getMinDelay(), as a timelock does' }
  const [delay, grace] = [numberOf(says('delay')), numberOf(says('gracePeriod'))]
  if (delay === undefined || grace === undefined) return undefined
  return { minDelaySeconds: delay, why: 'it answers delay() and GRACE_PERIOD(), as the timelock of Compound does' }
}

function pairOf(says: Says): ContractFacts['pair'] {
  const [token0, token1] = [addressOf(says('token0')), addressOf(says('token1'))]
  const reserves = says('reserves')
  if (!token0 || !token1 || reserves?.length !== 2 + 3 * 64 || numberAt(reserves) === undefined) return undefined
  return { token0, token1, why: 'it answers token0(), token1() and getReserves(), as a Uniswap v2 pair does' }
}

function poolOf(says: Says): ContractFacts['pool'] {
  const [token0, token1] = [addressOf(says('token0')), addressOf(says('token1'))]
  const slot0 = says('slot0')
  // Forks have six words where Uniswap has seven.
  if (!token0 || !token1 || slot0 === undefined || slot0.length < 2 + 6 * 64) return undefined
  return { token0, token1, why: 'it answers token0(), token1() and slot0(), as a Uniswap v3 pool does' }
}

const tokenGetters = ['remoteToken', 'l1Token', 'l1Address'] as const
const bridgeGetters = ['otherBridge', 'OTHER_BRIDGE', 'l2Bridge', 'counterpartGateway'] as const

function bridgeOf(address: Address, says: Says): ContractFacts['bridge'] {
  for (const [kind, getters] of [['token', tokenGetters] as const, ['bridge', bridgeGetters] as const]) {
    for (const getter of getters) {
      const other = addressOf(says(getter))
      if (other && other !== address)
        return { other, getter: `${getter}()`, kind, why: `${getter}() names its other side` }
    }
  }
  return undefined
}
