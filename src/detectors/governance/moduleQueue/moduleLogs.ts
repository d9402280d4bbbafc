import { type NamedLog, namedEvents } from '../../../evm/abi/namedEvents.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'

/** Events of Zodiac's Delay, Roles (1 and 2) and Reality modules, and of UMA's Optimistic Governor. */
const signatures = {
  queued:
    'event TransactionAdded(uint256 indexed queueNonce, bytes32 indexed txHash, address to, uint256 value, bytes data, uint8 operation)',
  cooldown: 'event TxCooldownSet(uint256 cooldown)',
  expiration: 'event TxExpirationSet(uint256 expiration)',
  proposed:
    'event TransactionsProposed(address indexed proposer, uint256 indexed proposalTime, bytes32 indexed assertionId, ((address to, uint8 operation, uint256 value, bytes data)[] transactions, uint256 requestTime) proposal, bytes32 proposalHash, bytes explanation, string rules, uint256 challengeWindowEnds)',
  proposalExecuted: 'event ProposalExecuted(bytes32 indexed proposalHash, bytes32 indexed assertionId)',
  partExecuted:
    'event TransactionExecuted(bytes32 indexed proposalHash, bytes32 indexed assertionId, uint256 indexed transactionIndex)',
  proposalDeleted: 'event ProposalDeleted(bytes32 indexed proposalHash, bytes32 indexed assertionId)',
  liveness: 'event SetLiveness(uint64 indexed liveness)',
  bond: 'event SetCollateralAndBond(address indexed collateral, uint256 indexed bondAmount)',
  escalation: 'event SetEscalationManager(address indexed escalationManager)',
  question: 'event ProposalQuestionCreated(bytes32 indexed questionId, string indexed proposalId)',
  assigned: 'event AssignRoles(address module, bytes32[] roleKeys, bool[] memberOf)',
  assignedBefore2: 'event AssignRoles(address module, uint16[] roles, bool[] memberOf)',
  target: 'event AllowTarget(bytes32 roleKey, address targetAddress, uint8 options)',
  targetBefore2: 'event AllowTarget(uint16 role, address targetAddress, uint8 options)',
  allowance:
    'event SetAllowance(bytes32 allowanceKey, uint128 balance, uint128 maxRefill, uint128 refill, uint64 period, uint64 timestamp)',
} as const
const events = namedEvents(signatures)

type Signatures = typeof signatures
export type ModuleLog<Name extends keyof Signatures = keyof Signatures> = NamedLog<Signatures, Name>
export const moduleTopics: readonly Hex[] = Object.values(events.topics)

/** Of all modules of one monitor in one block. */
const logsMax = 512

/** What modules told in a block, in its order. `unread`: why some of it could not be understood. */
export function moduleLogsOf(
  logs: readonly Log[],
  modules: readonly Address[],
  show: (address: Address) => string,
): { told: ModuleLog[]; unread: string[] } {
  const own = logs.filter((log) => modules.includes(log.address) && events.has(log))
  const { told, unread } = events.read(own.slice(0, logsMax), show)
  const flood = `Modules told more than ${logsMax} things in one block: the rest is not judged`
  return { told, unread: [...(own.length > logsMax ? [flood] : []), ...unread] }
}
