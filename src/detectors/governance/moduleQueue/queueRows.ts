import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { type Severity, severities } from '../../../model/severity.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { ModuleOrder } from './moduleOrders.ts'

/** What is remembered of an order that waits. `id`: place in the queue of a Delay, or hash of a proposal. `at`: unix time. */
const queueRow = z.object({
  id: z.string(),
  digest: hexShape,
  at: z.number(),
  severity: z.enum(severities),
  score: z.number(),
})
export type QueueRow = z.output<typeof queueRow>
const rememberedRows = remembered(z.array(queueRow))

/** Of one module: who queues more pushes the oldest out. */
export const rowsMax = 64

const rowsKey = (module: Address) => `queue ${module}`
export const rowsIn = (memory: Memory, module: Address): readonly QueueRow[] =>
  rememberedRows(memory, rowsKey(module)) ?? []
export const rowsAsJson = (module: Address, rows: readonly QueueRow[]): Record<string, Json> => ({
  [rowsKey(module)]: rows.length === 0 ? null : rows.map((row) => ({ ...row })),
})

export const rowOf = ({ id, digest }: ModuleOrder, at: number, severity: Severity, score: number): QueueRow => {
  return { id, digest, at, severity, score }
}

/** Those that wait in a Delay, which counts them. */
export const isCounted = ({ id }: Pick<QueueRow, 'id'>) => !id.startsWith('0x')
