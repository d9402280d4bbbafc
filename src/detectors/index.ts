import type { AnyDetector } from '../model/detector.ts'
import { pauserHealth } from './access/pauserHealth.ts'
import { privilegedChange } from './access/privilegedChange.ts'
import { transactionRate } from './activity/transactionRate.ts'
import { addressPoisoning } from './attack/addressPoisoning.ts'
import { approvalBurst } from './attack/approvalBurst.ts'
import { attackSigns } from './attack/attackSigns.ts'
import { flashLoan } from './attack/flashLoan.ts'
import { freshContract } from './attack/freshContract.ts'
import { reentrancy } from './attack/reentrancy.ts'
import { roundingLoop } from './attack/roundingLoop.ts'
import { roundTrip } from './attack/roundTrip.ts'
import { governance } from './governance/governance.ts'
import { moduleQueue } from './governance/moduleQueue.ts'
import { oracleBounds } from './oracle/oracleBounds.ts'
import { oracleConfig } from './oracle/oracleConfig.ts'
import { oracleDeviation } from './oracle/oracleDeviation.ts'
import { oracleJump } from './oracle/oracleJump.ts'
import { oracleStale } from './oracle/oracleStale.ts'
import { priceManipulation } from './oracle/priceManipulation.ts'
import { absence } from './rules/absence.ts'
import { expression } from './rules/expression.ts'
import { state } from './rules/state.ts'
import { valueJump } from './rules/valueJump.ts'
import { safeExecution } from './safe/safeExecution.ts'
import { backing } from './value/backing.ts'
import { largeTransfer } from './value/largeTransfer.ts'
import { outflowCap } from './value/outflowCap.ts'
import { ownLoss } from './value/ownLoss.ts'
import { unusualOutflow } from './value/unusualOutflow.ts'

/** What is built in, by the id that stands after `use:`. */
export const detectors: ReadonlyMap<string, AnyDetector> = new Map<string, AnyDetector>(
  [
    absence,
    expression,
    state,
    valueJump,
    pauserHealth,
    privilegedChange,
    safeExecution,
    governance,
    moduleQueue,
    backing,
    largeTransfer,
    outflowCap,
    ownLoss,
    unusualOutflow,
    oracleBounds,
    oracleConfig,
    oracleDeviation,
    oracleJump,
    oracleStale,
    priceManipulation,
    addressPoisoning,
    approvalBurst,
    attackSigns,
    flashLoan,
    freshContract,
    reentrancy,
    roundingLoop,
    roundTrip,
    transactionRate,
  ].map((detector) => [detector.id, detector]),
)
