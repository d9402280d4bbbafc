import type { AnyDetector } from '../model/detector.ts'
import { largeTransfer } from './value/largeTransfer.ts'

/** The detectors that are built in. */
export const detectors: readonly AnyDetector[] = [largeTransfer]
