import { type AbiEvent, parseAbiItem } from 'viem'
import { type CompiledEvent, compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { ValuesOf } from '../../../evm/abi/valuesOf.ts'
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

export type SafeEventName = keyof typeof signatures
/** An event with what it holds, which its name tells. */
export type SafeLog<Name extends SafeEventName = SafeEventName> = Name extends unknown
  ? { name: Name; log: Log; values: ValuesOf<(typeof signatures)[Name]> }
  : never

export const logsNamed = <Name extends SafeEventName>(
  told: readonly SafeLog[],
  ...names: readonly Name[]
): SafeLog<Name>[] => told.filter((each): each is SafeLog<Name> => names.some((name) => name === each.name))

const events: ReadonlyMap<Hex, { name: SafeEventName; variants: CompiledEvent[] }> = new Map(
  Object.entries(signatures).map(([name, signature]) => {
    const usual = parseAbiItem(signature as string) as AbiEvent
    const plain: AbiEvent = { ...usual, inputs: usual.inputs.map((input) => ({ ...input, indexed: false })) }
    const variants = [usual, plain].map(compileEvent)
    return [variants[0]!.topic0, { name: name as SafeEventName, variants }]
  }),
)

export const safeTopics: readonly Hex[] = [...events.keys()]

/** Of one Safe in one block; who writes more has something to hide behind. */
const logsMax = 512

/** What one Safe told. `unread`: why some of it could not be understood. */
export function safeLogsOf(
  logs: readonly Log[],
  safe: { name: string; address: Hex },
): { told: SafeLog[]; unread: string[] } {
  const own = logs.filter(({ address, topics }) => address === safe.address && topics[0] && events.has(topics[0]))
  const unread = new Set<string>()
  if (own.length > logsMax)
    unread.add(`${safe.name} told more than ${logsMax} things in one block: the rest is not judged.`)
  const told = own.slice(0, logsMax).flatMap((log): SafeLog[] => {
    const { name, variants } = events.get(log.topics[0]!)!
    for (const variant of variants) {
      try {
        // The decoder was made of the signature that gives the values their type.
        return [{ name, log, values: variant.decode(log) } as unknown as SafeLog]
      } catch (error) {
        if (!(error instanceof UndecodableError)) throw error
      }
    }
    unread.add(`A log ${variants[0]!.name} of ${safe.name} could not be read.`)
    return []
  })
  return { told, unread: [...unread] }
}
