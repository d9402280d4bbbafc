import { type AbiEvent, parseAbiItem } from 'viem'
import { type CompiledEvent, compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Value } from '../../../evm/abi/value.ts'
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
} as const

export type ModuleEventName = keyof typeof signatures
export type ModuleLog = { name: ModuleEventName; log: Log; values: readonly Value[] }

const events: ReadonlyMap<Hex, { name: ModuleEventName; event: CompiledEvent }> = new Map(
  Object.entries(signatures).map(([name, signature]) => {
    const event = compileEvent(parseAbiItem(signature as string) as AbiEvent)
    return [event.topic0, { name: name as ModuleEventName, event }]
  }),
)
export const moduleTopics: readonly Hex[] = [...events.keys()]

/** Of all modules of one monitor in one block. */
const logsMax = 512

/** What modules told in a block, in its order. `unread`: why some of it could not be understood. */
export function moduleLogsOf(
  logs: readonly Log[],
  modules: readonly Address[],
  show: (address: Address) => string,
): { told: ModuleLog[]; unread: string[] } {
  const own = logs.filter(({ address, topics }) => modules.includes(address) && topics[0] && events.has(topics[0]))
  const unread = new Set<string>()
  if (own.length > logsMax) unread.add(`Modules told more than ${logsMax} things in one block: the rest is not judged`)
  const told = own.slice(0, logsMax).flatMap((log): ModuleLog[] => {
    const { name, event } = events.get(log.topics[0]!)!
    try {
      return [{ name, log, values: event.decode(log) }]
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      unread.add(`A log ${event.name} of ${show(log.address)} could not be read: ${error.message}`)
      return []
    }
  })
  return { told, unread: [...unread] }
}
