import type { AbiFunction } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { type CompiledFunction, compileFunction } from '../../evm/abi/compileFunction.ts'
import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Value } from '../../evm/abi/value.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { type Instruction, selectorOf } from './instruction.ts'

/**
 * What a call does, for whom it matters. `upgrade`: other code runs. `power`: who may do what. `rules`: how decisions are
 * made, and how long they take. `money`: value leaves, or may be taken from now on.
 */
export type Deed = {
  kind: 'upgrade' | 'power' | 'rules' | 'money'
  /** Who has what was given from now on: a power, money, or the say over the code. */
  gains?: Address
  /** What is paid: of a token (or `native`), out of whose account; `supply`: made anew. */
  pays?: { token: Address | 'native'; from: Address | 'supply'; amount: bigint }
}

export type KnownCall = { name: string; args: readonly Value[]; deed: Deed | null }

type Known = { compiled: CompiledFunction; deed(args: readonly Value[], call: Instruction): Deed | null }

const known = (signature: string, deed: Known['deed']): Known => ({
  compiled: compileFunction(parseAbiItem(`function ${signature}`) as AbiFunction),
  deed,
})
/** `gains`: which argument names who has it from now on. */
const deed = (kind: Deed['kind'], signatures: readonly string[], gains?: number): Known[] =>
  signatures.map((signature) =>
    known(signature, (args) => ({ kind, ...(gains !== undefined && { gains: args[gains] as Address }) })),
  )

const upgrades = [
  ...deed('upgrade', ['upgradeTo(address code)', 'upgradeToAndCall(address code, bytes data)'], 0),
  ...deed(
    'upgrade',
    ['upgrade(address proxy, address code)', 'upgradeAndCall(address proxy, address code, bytes data)'],
    1,
  ),
  ...deed('upgrade', ['setImplementation(address code)', '_setImplementation(address code)'], 0),
  ...deed('upgrade', ['_setImplementation(address code, bool allowResign, bytes data)'], 0),
  ...deed('upgrade', ['_setPendingImplementation(address code)', 'changeMasterCopy(address code)'], 0),
  ...deed('upgrade', ['upgradeBeaconTo(address beacon)', 'setBeacon(address beacon)'], 0),
  ...deed('upgrade', [
    'diamondCut((address facet, uint8 action, bytes4[] selectors)[] cuts, address init, bytes data)',
  ]),
]

const powers = [
  ...deed(
    'power',
    ['grantRole(bytes32 role, address account)', 'grantRole(uint64 role, address account, uint32 delay)'],
    1,
  ),
  ...deed('power', ['transferOwnership(address owner)', 'setOwner(address owner)', 'changeOwner(address owner)'], 0),
  ...deed('power', ['changeAdmin(address admin)', 'setAdmin(address admin)', 'setPendingAdmin(address admin)'], 0),
  ...deed(
    'power',
    ['_setPendingAdmin(address admin)', 'setGovernor(address governor)', 'setGovernance(address governor)'],
    0,
  ),
  ...deed(
    'power',
    [
      ...['setGov(address gov)', '_setGov(address gov)', 'setPendingGov(address gov)', '_setPendingGov(address gov)'],
      ...['setPendingGovernance(address governor)', 'setPendingGovernor(address governor)'],
      ...['setPendingOwner(address owner)', 'nominateNewOwner(address owner)', 'transferAdmin(address admin)'],
      ...['setManager(address manager)', 'setPauser(address pauser)', 'setStrategist(address strategist)'],
      ...['addOwner(address owner)', 'addAdmin(address admin)', 'addGuardian(address guardian)'],
      ...['addSigner(address signer)', 'addValidator(address validator)', 'addOperator(address operator)'],
    ],
    0,
  ),
  ...deed(
    'power',
    ['setGuardian(address guardian)', '_setPauseGuardian(address guardian)', 'setMinter(address minter)'],
    0,
  ),
  ...deed(
    'power',
    ['setAuthority(address authority)', 'setOperator(address operator)', 'addMinter(address minter)'],
    0,
  ),
  ...deed(
    'power',
    ['rely(address account)', 'setKeeper(address keeper)', 'configureMinter(address minter, uint256 allowed)'],
    0,
  ),
  ...deed('power', ['beginDefaultAdminTransfer(address admin)', 'setController(address controller)'], 0),
  ...deed(
    'power',
    ['changeProxyAdmin(address proxy, address admin)', 'setTargetAuthority(address target, address authority)'],
    1,
  ),
  ...deed('power', ['updateTimelock(address timelock)', '_setWhitelistGuardian(address guardian)'], 0),
  ...deed('power', ['addOwnerWithThreshold(address owner, uint256 threshold)', 'enableModule(address module)'], 0),
  ...deed(
    'power',
    ['setGuard(address guard)', 'setModuleGuard(address guard)', 'setFallbackHandler(address handler)'],
    0,
  ),
  // Zodiac's modules: who may act through them, and in whose name they do.
  ...deed(
    'power',
    [
      'assignRoles(address module, bytes32[] roleKeys, bool[] memberOf)',
      'assignRoles(address module, uint16[] roles, bool[] memberOf)',
      'setAvatar(address avatar)',
      'setTarget(address target)',
    ],
    0,
  ),
  ...deed('power', ['swapOwner(address previous, address old, address owner)'], 2),
  ...deed('power', [
    'removeOwner(address previous, address owner, uint256 threshold)',
    'changeThreshold(uint256 threshold)',
  ]),
  ...deed('power', ['disableModule(address previous, address module)', 'revokeRole(bytes32 role, address account)']),
  ...deed('power', ['setRoleAdmin(uint64 role, uint64 admin)', 'setTargetClosed(address target, bool closed)']),
  ...deed('power', ['setTargetFunctionRole(address target, bytes4[] selectors, uint64 role)']),
  ...deed('power', [
    'setup(address[] owners, uint256 threshold, address to, bytes data, address handler, address paymentToken, uint256 payment, address receiver)',
  ]),
]

const rules = deed('rules', [
  'updateDelay(uint256 delay)',
  'setDelay(uint256 delay)',
  'updateQuorumNumerator(uint256 numerator)',
  'setVotingDelay(uint48 delay)',
  'setVotingDelay(uint256 delay)',
  '_setVotingDelay(uint256 delay)',
  'setVotingPeriod(uint32 period)',
  'setVotingPeriod(uint256 period)',
  '_setVotingPeriod(uint256 period)',
  'setProposalThreshold(uint256 threshold)',
  '_setProposalThreshold(uint256 threshold)',
  'setLateQuorumVoteExtension(uint64 extension)',
  'changeDefaultAdminDelay(uint48 delay)',
  'setQuorum(uint256 quorum)',
  // Of Zodiac's Delay and UMA's Optimistic Governor: how long what is queued can be stopped.
  'setTxCooldown(uint256 cooldown)',
  'setLiveness(uint64 liveness)',
])

const pays = (
  signature: string,
  of: (args: readonly Value[], call: Instruction) => NonNullable<Deed['pays']> | null,
  gains: number,
) =>
  known(signature, (args, call) => {
    const paid = of(args, call)
    return paid && { kind: 'money', gains: args[gains] as Address, pays: paid }
  })
const own = (amount: Value | undefined, { by, to }: Instruction) =>
  by && { token: to, from: by, amount: amount as bigint }

const payments = [
  pays('transfer(address to, uint256 amount)', ([, amount], call) => own(amount, call), 0),
  pays('approve(address spender, uint256 amount)', ([, amount], call) => own(amount, call), 0),
  pays('increaseAllowance(address spender, uint256 amount)', ([, amount], call) => own(amount, call), 0),
  pays(
    'transferFrom(address from, address to, uint256 amount)',
    ([from, , amount], { to }) => ({ token: to, from: from as Address, amount: amount as bigint }),
    1,
  ),
  pays(
    'mint(address to, uint256 amount)',
    ([, amount], { to }) => ({ token: to, from: 'supply', amount: amount as bigint }),
    0,
  ),
  // Treasuries and vaults that pay out by token: `transfer` of Aave's collector, `withdraw` and `sweep` of many.
  ...['transfer', 'withdraw', 'sweep', 'rescueTokens', 'recoverERC20'].map((name) =>
    pays(
      `${name}(address token, address to, uint256 amount)`,
      ([token, , amount], { to }) => ({ token: token as Address, from: to, amount: amount as bigint }),
      1,
    ),
  ),
]

/** Functions that are worth naming though they harm nobody by themselves. */
const harmless = [
  ...['acceptOwnership()', 'acceptAdmin()', '_acceptAdmin()', 'pause()', 'unpause()'],
  'execute(address target, bytes data)',
].map((signature) => known(signature, () => null))

const functions: ReadonlyMap<Hex, Known> = new Map(
  [...upgrades, ...powers, ...rules, ...payments, ...harmless].map((each) => [each.compiled.selector, each]),
)

/** What a call does; null: nobody knows its function, or its arguments are not those of that function. */
export function knownCall(call: Instruction): KnownCall | null {
  const found = functions.get(selectorOf(call))
  if (!found) return null
  try {
    const args = found.compiled.decode(call.data)
    return { name: found.compiled.name, args, deed: found.deed(args, call) }
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return null
  }
}
