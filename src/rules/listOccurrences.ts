import { UndecodableError } from '../evm/abi/undecodableError.ts'
import type { Value } from '../evm/abi/value.ts'
import type { Address, Call, Hex, Log } from '../model/chain.ts'
import type { Interest } from '../model/detector.ts'
import type { BlockObservation, Outcome } from '../model/observation.ts'
import type { Rule } from './compileRule.ts'
import type { Frame } from './frame.ts'

/** One time that the trigger of a rule was seen, whatever its condition says. */
export type Occurrence = {
  transactionHash: Hex
  log: Log | null
  /** The call inside the transaction that it is; absent where it is the transaction itself. */
  inside?: Inside
  /** What it is judged by, or why it cannot be judged. */
  frame: Frame | { undecodable: string }
}

/** `position`: as in `Call`. `path`: who called whom, from the sender of the transaction down to what was called. */
export type Inside = { position: number; path: readonly Address[] }

/** What of a chain the trigger of a rule looks at. */
export function interestOf({ trigger, target, internal }: Rule): Interest {
  const addresses = [target.address]
  if (trigger.kind === 'event') return { kind: 'log', addresses, topics: [trigger.event.topic0] }
  if (trigger.kind === 'log') return { kind: 'log', addresses }
  if (trigger.kind === 'call') {
    return { kind: 'call', addresses, selectors: [trigger.call.selector], ...(internal && { internal }) }
  }
  return { kind: 'transaction', touching: addresses, ...(internal && { traces: internal }) }
}

/** In the order of the block. What belongs to other rules of the same monitor is passed over. */
export function listOccurrences(rule: Rule, observation: Omit<BlockObservation, 'state'>): Occurrence[] {
  return rule.trigger.kind === 'event' || rule.trigger.kind === 'log'
    ? observation.logs.flatMap((log) => ofLog(rule, log, observation) ?? [])
    : observation.outcomes.flatMap((outcome) => [
        ...[ofOutcome(rule, outcome, observation)].filter((occurrence) => occurrence !== null),
        ...insideOf(rule, outcome, observation),
      ])
}

type Seen = Pick<BlockObservation, 'block'>

function ofLog({ trigger, target }: Rule, log: Log, { block }: Seen): Occurrence | null {
  if (log.address !== target.address) return null
  if (trigger.kind === 'event' && log.topics[0] !== trigger.event.topic0) return null
  const { transactionHash, transactionIndex } = log
  const transaction = block.transactions[transactionIndex] ?? null
  const receipt = block.receipts?.[transactionIndex] ?? null
  return {
    transactionHash,
    log,
    frame: decoded(
      () => (trigger.kind === 'event' ? trigger.event.decode(log) : []),
      (args) => ({
        args,
        block,
        log,
        transaction: transaction?.hash === transactionHash ? transaction : null,
        receipt: receipt?.transactionHash === transactionHash ? receipt : null,
      }),
    ),
  }
}

function ofOutcome({ trigger, target }: Rule, { transaction, receipt }: Outcome, { block }: Seen): Occurrence | null {
  const { from, to, value, input, hash: transactionHash } = transaction
  const frameOf = (args: readonly Value[]): Frame => ({ args, block, log: null, transaction, receipt })
  const occurrence = (frame: Occurrence['frame']): Occurrence => ({ transactionHash, log: null, frame })
  const touches = to === target.address || (trigger.kind !== 'call' && from === target.address)
  if (!touches) return null
  if (trigger.kind === 'transaction') return occurrence(frameOf([]))

  const wanted = trigger.kind === 'call' && trigger.reverted ? 'reverted' : 'success'
  const known = receipt !== null && receipt.status !== 'unknown'
  if (known && receipt.status !== wanted) return null
  if (trigger.kind === 'call') {
    if (input.slice(0, 10) !== trigger.call.selector) return null
    if (!known) return occurrence({ undecodable: 'nobody can tell whether the call took effect' })
    return occurrence(decoded(() => trigger.call.decode(input), frameOf))
  }
  if (value === 0n) return null
  if (!known) return occurrence({ undecodable: 'nobody can tell whether the transfer took effect' })
  return occurrence(frameOf([from, to ?? receipt.contractAddress ?? noOne, value]))
}

/** Without the transaction itself, which is the first of its calls and is known without a trace. */
function insideOf(rule: Rule, { transaction, receipt, calls = [] }: Outcome, { block }: Seen): Occurrence[] {
  if (!rule.internal) return []
  const found: Occurrence[] = []
  /** By depth, the calls around the next one. */
  const around: Address[] = [transaction.from]
  for (const call of calls) {
    const { position, depth, from, to, value, input } = call
    around.length = depth + 1
    around.push(to ?? noOne)
    if (depth === 0 || !isMeant(rule, call)) continue
    const frameOf = (args: readonly Value[]): Frame => ({ args, block, log: null, transaction, receipt })
    const { trigger } = rule
    found.push({
      transactionHash: transaction.hash,
      log: null,
      inside: { position, path: [...around] },
      frame:
        trigger.kind === 'call'
          ? decoded(() => trigger.call.decode(input), frameOf)
          : frameOf([from, to ?? noOne, value]),
    })
  }
  return found
}

/** Code that is borrowed (delegatecall, callcode) runs as whoever borrows it: its address is not called by that. */
function isMeant({ trigger, target }: Rule, { kind, from, to, value, input, reverted }: Call): boolean {
  if (trigger.kind === 'transfer') return !reverted && value > 0n && (from === target.address || to === target.address)
  if (trigger.kind !== 'call' || (kind !== 'call' && kind !== 'staticcall')) return false
  return to === target.address && input.slice(0, 10) === trigger.call.selector && reverted === trigger.reverted
}

const noOne: Address = `0x${'0'.repeat(40)}`

function decoded(decode: () => Value[], frameOf: (args: Value[]) => Frame): Occurrence['frame'] {
  try {
    return frameOf(decode())
  } catch (error) {
    if (error instanceof UndecodableError) return { undecodable: error.message }
    throw error
  }
}
