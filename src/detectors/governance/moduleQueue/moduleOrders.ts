import { concat, encodeAbiParameters, encodePacked, keccak256 } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { isLibraryCode, isPublished } from '../../safe/safeExecution/libraries.ts'
import type { Order } from '../governance/orders.ts'
import type { ModuleLog } from './moduleLogs.ts'
import { knownNumber, moduleRead } from './moduleReads.ts'

export type Part = { to: Address; value: bigint; data: Hex; operation: bigint }

/** What waits in a module to be done in the name of an account. */
export type ModuleOrder = Order & {
  way: 'delay' | 'assertion'
  /** Of its content, as we compute it from what the module told. */
  digest: Hex
  /** The hash by which the module will know it is not that of the content that it told. */
  isFalse: boolean
  /** A stranger's words. */
  explanation: string | null
}

/** Of one block. */
export const moduleOrdersMax = 16
/** Libraries of one order whose code is read. */
const librariesMax = 16

/** The same for what is queued and for what is executed. */
export function digestOf(parts: readonly Part[]): Hex {
  const hashes = parts.map(({ to, value, data, operation }) =>
    keccak256(encodePacked(['address', 'uint256', 'bytes', 'uint8'], [to, value, data, Number(operation)])),
  )
  return keccak256(concat(hashes))
}

export function moduleOrdersOf(
  told: readonly ModuleLog[],
  { block }: Pick<Observation, 'block'>,
  account: Address | null,
): ModuleOrder[] {
  const queued = told.filter((each) => each.name === 'queued' || each.name === 'proposed').slice(0, moduleOrdersMax)
  return queued.map(({ name, log, values }): ModuleOrder => {
    const transaction = block.transactions[log.transactionIndex]
    const plain = {
      ...{ kind: 'operation' as const, at: log.address, log, transaction, description: null, vote: null },
      proposer: transaction?.from ?? log.address,
    }
    if (name === 'queued') {
      const [nonce, , to, value, data, operation] = values
      const parts = [{ to, value, data, operation }]
      const rest = { id: nonce.toString(), readyAt: null, way: 'delay' as const, isFalse: false, explanation: null }
      return { ...plain, ...rest, ...contentOf(parts, account) }
    }
    const [proposer, , , [transactions], hash, words, , ends] = values
    const parts = transactions.map(([to, operation, value, data]) => ({ to, operation, value, data }))
    return {
      ...{ ...plain, proposer, id: hash, readyAt: ends, way: 'assertion' },
      isFalse: hash !== assertedHash(parts),
      explanation: Buffer.from(words.slice(2, 2 + 2 * wordsMax), 'hex').toString('utf8'),
      ...contentOf(parts, account),
    }
  })
}

/** Bytes of an explanation that are looked at. */
const wordsMax = 1024

function contentOf(parts: readonly Part[], account: Address | null) {
  const roots = parts.map(
    ({ operation, ...part }): Instruction => ({
      ...part,
      by: account,
      way: operation === 1n ? 'delegatecall' : 'call',
      inside: [],
    }),
  )
  return { ...unfoldCalls(roots), digest: digestOf(parts) }
}

/** As UMA's Optimistic Governor computes it: of the whole list, ABI-encoded. */
function assertedHash(parts: readonly Part[]): Hex {
  const components = [
    { name: 'to', type: 'address' },
    { name: 'operation', type: 'uint8' },
    { name: 'value', type: 'uint256' },
    { name: 'data', type: 'bytes' },
  ]
  const list = parts.map((part) => ({ ...part, operation: Number(part.operation) }))
  return keccak256(encodeAbiParameters([{ type: 'tuple[]', components }], [list]))
}

const ranAsOwn = ({ calls }: Order) => calls.filter(({ way, to }) => way === 'delegatecall' && !isPublished(to))
/** Of the block before: code that came in the same block is none that anybody has looked at. */
const codeRead = (of: Address): Read => ({ kind: 'code', of, at: 'parent' })

/** What must be read to know when an order can be executed, and whether the code that it runs is a library of Safe. */
export function readsOfOrder(order: ModuleOrder): Read[] {
  const codes = [...new Set(ranAsOwn(order).map(({ to }) => to))].slice(0, librariesMax).map(codeRead)
  return [...codes, ...(order.way === 'delay' ? [moduleRead(order.at, 'txCooldown', 'block')] : [])]
}

/** The order with its time, and without the delegatecalls by which Safes make batches: those are opened, and harmless. */
export function settledOrder(order: ModuleOrder, observation: Observation): ModuleOrder {
  const looked = new Set([...new Set(ranAsOwn(order).map(({ to }) => to))].slice(0, librariesMax))
  const isLibrary = ({ way, to }: Instruction) => {
    if (way !== 'delegatecall') return false
    if (isPublished(to)) return true
    const code = looked.has(to) ? observation.state(codeRead(to)) : null
    return code?.ok === true && isLibraryCode(code.data, to)
  }
  const cooldown = order.way === 'delay' ? knownNumber(observation, moduleRead(order.at, 'txCooldown', 'block')) : null
  return {
    ...order,
    calls: order.calls.filter((call) => !isLibrary(call)),
    readyAt: cooldown === null ? order.readyAt : BigInt(observation.block.timestamp) + cooldown,
  }
}
