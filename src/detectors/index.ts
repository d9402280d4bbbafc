import type { AnyDetector } from '../model/detector.ts'
import { privilegedChange } from './access/privilegedChange.ts'
import { expression } from './rules/expression.ts'
import { largeTransfer } from './value/largeTransfer.ts'
import { outflowCap } from './value/outflowCap.ts'

/** What is built in, by the id that stands after `use:`. */
export const detectors: ReadonlyMap<string, AnyDetector> = new Map<string, AnyDetector>(
  [expression, largeTransfer, outflowCap, privilegedChange].map((detector) => [detector.id, detector]),
)
