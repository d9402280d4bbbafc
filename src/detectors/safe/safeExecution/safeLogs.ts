import { type NamedLog, namedEvents } from '../../../evm/abi/namedEvents.ts'
import type { Hex, Log } from '../../../model/chain.ts'

/** What a Safe tells. Since 1.4 addresses and hashes stand in topics, before in the data: both are read. */
const signatures = {
  success: 'event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)',
  failure: 'event ExecutionFailure(bytes32 indexed txHash, uint256 payment)',
  moduleSuccess: 'event ExecutionFromModuleSuccess(address indexed module)',
  moduleFailure: 'event ExecutionFromModuleFailure(address indexed module)',
  /** SafeL2 alone tells what it executes. */
  signed:
    'event SafeMultiSigTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures, bytes additionalInfo)',
  byModule: 'event SafeModuleTransaction(address module, address to, uint256 value, bytes data, uint8 operation)',
  addedOwner: 'event AddedOwner(address indexed owner)',
  removedOwner: 'event RemovedOwner(address indexed owner)',
  threshold: 'event ChangedThreshold(uint256 threshold)',
  enabledModule: 'event EnabledModule(address indexed module)',
  disabledModule: 'event DisabledModule(address indexed module)',
  guard: 'event ChangedGuard(address indexed guard)',
  moduleGuard: 'event ChangedModuleGuard(address indexed moduleGuard)',
  fallbackHandler: 'event ChangedFallbackHandler(address indexed handler)',
  setup:
    'event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)',
} as const
const events = namedEvents(signatures, (usual) => [
  usual,
  { ...usual, inputs: usual.inputs.map((input) => ({ ...input, indexed: false })) },
])

type Signatures = typeof signatures
export type SafeEventName = keyof Signatures
export const safeEventNames = Object.keys(signatures) as SafeEventName[]
export type SafeLog<Name extends SafeEventName = SafeEventName> = NamedLog<Signatures, Name>

export const safeTopics: readonly Hex[] = Object.values(events.topics)

/** Of one Safe in one block; who writes more has something to hide behind. */
const logsMax = 512

/** What one Safe told. `unread`: why some of it could not be understood. */
export function safeLogsOf(
  logs: readonly Log[],
  safe: { name: string; address: Hex },
): { told: SafeLog[]; unread: string[] } {
  const own = logs.filter((log) => log.address === safe.address && events.has(log))
  const { told, unread } = events.read(own.slice(0, logsMax), () => safe.name)
  const flood = `${safe.name} told more than ${logsMax} things in one block: the rest is not judged.`
  return { told, unread: [...(own.length > logsMax ? [flood] : []), ...unread] }
}
