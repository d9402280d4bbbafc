import { toFunctionSelector } from 'viem/utils'
import type { Address, Call, Hex } from '../../../model/chain.ts'

/** A contract ran the code of an address as itself. */
export type Run = {
  code: Address
  /** Whose code made it do so. */
  by: Address
  /** Place of the transaction in the block. */
  transaction: number
  /** It used enough gas to write into the storage; whether the code can, its instructions tell. */
  mayWrite: boolean
  /** It destroyed the contract, or called a function with which tokens of others are taken or allowed to be taken. */
  seized: Hex | null
}

/** Whose code a contract ran as itself, in calls that took effect; its own, which a multicall runs again, is left out. */
export function runsIn(calls: readonly Call[], of: Address): Run[] {
  const runs: Run[] = []
  /** The calls that are open, by their depth. */
  const open: Call[] = []
  const touched = new Set<Address>([of])
  for (const [index, call] of calls.entries()) {
    open.length = Math.min(open.length, call.depth)
    open.push(call)
    const { kind, to, reverted, from } = call
    const by = open.at(-2)?.to ?? of
    const isRun = (kind === 'delegatecall' || kind === 'callcode') && !reverted && from === of
    // What runs itself once more is nothing new.
    if (isRun && to !== null && to !== of && to !== by) {
      const inside = insideOf(calls, index)
      const mayWrite = mayHaveWritten(call, inside, touched)
      runs.push({
        code: to,
        by,
        transaction: call.transactionIndex,
        mayWrite,
        seized: seizedBy(inside, of, calls[0]!.from),
      })
    }
    for (const each of [from, to]) if (each) touched.add(each)
  }
  return runs
}

function insideOf(calls: readonly Call[], index: number): Call[] {
  const { depth } = calls[index]!
  const end = calls.findIndex((call, at) => at > index && call.depth <= depth)
  return calls.slice(index + 1, end === -1 ? undefined : end)
}

/** What it costs at least to change a slot of the storage, and to call an address that the transaction did not touch before. */
const [writing, reaching] = [2_900n, 2_600n]

/** What a call used itself, without the calls that it made, tells what it cannot have done. */
function mayHaveWritten(call: Call, inside: readonly Call[], touched: ReadonlySet<Address>): boolean {
  const made = inside.filter(({ depth }) => depth === call.depth + 1)
  if (call.gasUsed === null || made.some(({ gasUsed }) => gasUsed === null)) return true
  const reached = new Set(made.flatMap(({ to, kind }) => (to && kind !== 'create' && !touched.has(to) ? [to] : [])))
  const handed = made.reduce((sum, { gasUsed }) => sum + gasUsed!, 0n)
  return call.gasUsed - handed - reaching * BigInt(reached.size) >= writing
}

const selector = (signature: string) => toFunctionSelector(signature)
const taking: ReadonlySet<Hex> = new Set(
  ['transferFrom(address,address,uint256)', 'safeTransferFrom(address,address,uint256)'].map(selector),
)
const allowing: ReadonlySet<Hex> = new Set(
  ['approve(address,uint256)', 'increaseAllowance(address,uint256)', 'setApprovalForAll(address,bool)'].map(selector),
)

/** Whoever sends a transaction may have a contract take what is his own. */
function seizedBy(inside: readonly Call[], of: Address, sender: Address): Hex | null {
  for (const { kind, from, input, reverted } of inside) {
    if (reverted || from !== of) continue
    if (kind === 'selfdestruct') return '0xff'
    const called = input.slice(0, 10) as Hex
    if (kind !== 'call' || !(allowing.has(called) || taking.has(called))) continue
    if (allowing.has(called) || input.slice(34, 74) !== sender.slice(2)) return called
  }
  return null
}
