import type { Address, Log } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { compareSeverity } from '../../../model/severity.ts'
import { groupOf } from '../governance/claimOrders.ts'
import { claimDone } from './judgeExecutions.ts'
import type { ModuleLog } from './moduleLogs.ts'
import { moduleRead, numberFrom } from './moduleReads.ts'
import { isCounted, type QueueRow } from './queueRows.ts'

type Closing = {
  module: Address
  account: Address | null
  observation: Observation
  show(address: Address): string
  ended: readonly Log[]
  told: readonly ModuleLog[]
  /** Something may have moved the queue, so that it was asked how far it is. */
  moved: boolean
}

/**
 * What no longer waits: skipped, deleted or executed. Its alert is over, unless it was grave and has been done: then that
 * is told in the same alert.
 */
export function closeRows(rows: readonly QueueRow[], closing: Closing) {
  const { module, observation, ended, told, moved, show } = closing
  const own = told.filter(({ log }) => log.address === module)
  const executed = new Map(
    own.filter(({ name }) => name === 'proposalExecuted').map(({ values, log }) => [String(values[0]), log]),
  )
  const deleted = new Set(own.filter(({ name }) => name === 'proposalDeleted').map(({ values }) => String(values[0])))
  const counted = rows.filter(isCounted)
  const blind: string[] = []
  let first: bigint | null = null
  if (moved && counted.length > 0) {
    const answer = numberFrom(observation, moduleRead(module, 'txNonce', 'block'))
    if (typeof answer === 'bigint') first = answer
    else blind.push(`How far the queue of ${show(module)} is could not be read: ${answer?.blind ?? 'it does not tell'}`)
  }
  const isOver = (row: QueueRow) =>
    isCounted(row) ? first !== null && BigInt(row.id) < first : executed.has(row.id) || deleted.has(row.id)
  const over = rows.filter(isOver)
  const done = over.flatMap((row): [QueueRow, Log][] => {
    const log = isCounted(row) ? ended.at(-1) : executed.get(row.id)
    return log && compareSeverity(row.severity, 'high') >= 0 ? [[row, log]] : []
  })
  const grave = new Set(done.map(([row]) => row))
  const account = closing.account ?? module
  return {
    rows: rows.filter((row) => !isOver(row)),
    claims: done.map(([row, log]): Claim => claimDone({ module, account, observation, show }, log, row)),
    cleared: over.filter((row) => !grave.has(row)).map(({ id }) => groupOf({ kind: 'operation', at: module, id })),
    blind,
  }
}
