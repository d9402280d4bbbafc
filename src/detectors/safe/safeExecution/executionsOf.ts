import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import type { Address, Call, Hex, Log, Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { SafeLog } from './safeLogs.ts'
import {
  execSelector,
  readExecTransaction,
  type SafeTransaction,
  safeTransactionOf,
  safeTxHasher,
} from './safeTransaction.ts'

/** One thing that the owners of a Safe signed and somebody had executed. */
export type Execution = {
  transaction: Transaction
  /** Its ExecutionSuccess or ExecutionFailure. */
  log: Log
  succeeded: boolean
  safeTxHash: Hex
  /** What the Safe paid for gas: wei, or base units of the gas token. */
  payment: bigint
  /** What was signed; null: it stands in no calldata that can be seen. */
  signed: SafeTransaction | null
  /** The hash of `signed`, recomputed from calldata and nonce, is the one that the Safe tells. */
  proven: boolean
}

type View = Pick<Observation, 'block' | 'outcomes'>

/** Places in the calldata of one transaction where an execTransaction may begin; the Safe may be called by a relayer. */
const placesMax = 16
/** Characters: a longer input is not searched. */
const inputMax = 512 * 1024

/** What may have been signed in one transaction, from the surest source to the least. */
export function candidatesOf(safe: Contract, told: readonly SafeLog[], view: View, index: number): SafeTransaction[] {
  const transaction = view.block.transactions[index]
  const outcome = view.outcomes.find((each) => each.transaction.index === index)
  const inner = (outcome?.calls ?? []).filter(isCallOf(safe.address))
  const own = logsNamed(told, 'signed').filter(({ log }) => log.transactionIndex === index)
  return [
    ...(transaction?.to === safe.address ? [readExecTransaction(transaction.input)] : []),
    ...inner.map(({ input }) => readExecTransaction(input)),
    ...own.map(({ values }) => safeTransactionOf(values)),
    ...(transaction && transaction.to !== safe.address ? within(transaction.input) : []),
  ].filter((each) => each !== null)
}

const isCallOf =
  (safe: Address) =>
  ({ to, kind, reverted, input }: Call) =>
    to === safe && kind === 'call' && !reverted && input.startsWith(execSelector)

/** A relayer, a batch or an entry point carries the call to the Safe inside its own calldata. */
function within(input: Hex): (SafeTransaction | null)[] {
  const found: (SafeTransaction | null)[] = []
  if (input.length > inputMax) return found
  const selector = execSelector.slice(2)
  for (let at = input.indexOf(selector, 2); at > 0 && found.length < placesMax; at = input.indexOf(selector, at + 1)) {
    if (at % 2 === 0) found.push(readExecTransaction(`0x${input.slice(at)}`))
  }
  return found
}

/**
 * What the owners of one Safe had executed in a block. Which calldata belongs to which is told by the hash that the Safe
 * writes: nobody can pass off other calldata as what was signed.
 *
 * @param nonce Of the Safe before the block; null: not known.
 */
export function executionsOf(
  safe: Contract,
  told: readonly SafeLog[],
  view: View,
  { chainId, nonce }: { chainId: number; nonce: bigint | null },
): Execution[] {
  const ended = logsNamed(told, 'success', 'failure')
  const candidates = new Map<number, { signed: SafeTransaction; hashes: ReturnType<typeof safeTxHasher> }[]>()
  return ended.flatMap(({ name, log, values }, place): Execution[] => {
    const index = log.transactionIndex
    const transaction = view.block.transactions[index]
    if (!transaction) return []
    const possible =
      candidates.get(index) ??
      candidatesOf(safe, told, view, index).map((signed) => ({ signed, hashes: safeTxHasher(signed) }))
    candidates.set(index, possible)
    const [safeTxHash, payment] = values
    const at = nonce === null ? null : { safe: safe.address, chainId, nonce: nonce + BigInt(place) }
    const proven = at && possible.find(({ hashes }) => hashes(at).includes(safeTxHash))
    // A Safe of another make hashes in its own way; where it was called directly, there is no doubt what it did.
    const alone = ended.filter((each) => each.log.transactionIndex === index).length === 1
    const direct = !proven && alone && transaction.to === safe.address ? possible[0] : undefined
    return [
      {
        ...{ transaction, log, safeTxHash, payment },
        succeeded: name === 'success',
        signed: (proven ?? direct)?.signed ?? null,
        proven: Boolean(proven),
      },
    ]
  })
}
