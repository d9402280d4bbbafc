import { type NamedLog, namedEvents } from '../../../evm/abi/namedEvents.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'

/** Events of OpenZeppelin's Governor, TimelockController and AccessManager, and of Compound's Governor Bravo and Timelock. */
const signatures = {
  proposed:
    'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
  voted: 'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
  votedWithParams:
    'event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)',
  proposalExecuted: 'event ProposalExecuted(uint256 proposalId)',
  proposalCanceled: 'event ProposalCanceled(uint256 proposalId)',
  scheduled:
    'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
  cancelled: 'event Cancelled(bytes32 indexed id)',
  executed: 'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
  queued:
    'event QueueTransaction(bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta)',
  dequeued:
    'event CancelTransaction(bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta)',
  executedByCompound:
    'event ExecuteTransaction(bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta)',
  managed:
    'event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)',
  managedCanceled: 'event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)',
  managedExecuted: 'event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)',
  minDelay: 'event MinDelayChange(uint256 oldDuration, uint256 newDuration)',
  quorum: 'event QuorumNumeratorUpdated(uint256 oldNumerator, uint256 newNumerator)',
  threshold: 'event ProposalThresholdSet(uint256 oldThreshold, uint256 newThreshold)',
  period: 'event VotingPeriodSet(uint256 oldPeriod, uint256 newPeriod)',
  delay: 'event VotingDelaySet(uint256 oldDelay, uint256 newDelay)',
  timelock: 'event TimelockChange(address oldTimelock, address newTimelock)',
  newDelay: 'event NewDelay(uint256 indexed newDelay)',
  newAdmin: 'event NewAdmin(address indexed newAdmin)',
  newPendingAdmin: 'event NewPendingAdmin(address indexed newPendingAdmin)',
  power: 'event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)',
} as const
const events = namedEvents(signatures)

type Signatures = typeof signatures
export type GovernanceEventName = keyof Signatures
export type GovernanceLog<Name extends GovernanceEventName = GovernanceEventName> = NamedLog<Signatures, Name>

export const powerTopics: readonly Hex[] = [events.topics.power]
export const governanceTopics: readonly Hex[] = Object.values(events.topics).filter(
  (topic) => topic !== events.topics.power,
)

/** Of all contracts of one monitor in one block: calldata of proposals is paid for by whoever writes it, and read by us. */
const logsMax = 1024

/** What governors, timelocks and tokens told in a block, in its order. `unread`: why some of it could not be understood. */
export function governanceLogsOf(
  logs: readonly Log[],
  show: (address: Address) => string,
): { told: GovernanceLog[]; unread: string[] } {
  const { told, unread } = events.read(logs.slice(0, logsMax), show)
  const flood = `There are more than ${logsMax} events of governance in one block: the rest is not judged`
  return { told, unread: [...(logs.length > logsMax ? [flood] : []), ...unread] }
}
