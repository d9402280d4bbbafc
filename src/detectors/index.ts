import type { AnyDetector } from '../model/detector.ts'
import { keySettings } from './access/keySettings.ts'
import { newRights } from './access/newRights.ts'
import { pauserHealth } from './access/pauserHealth.ts'
import { privilegedChange } from './access/privilegedChange.ts'
import { unseenCode } from './access/unseenCode.ts'
import { transactionRate } from './activity/transactionRate.ts'
import { addressPoisoning } from './attack/addressPoisoning.ts'
import { allowanceMisuse } from './attack/allowanceMisuse.ts'
import { approvalBurst } from './attack/approvalBurst.ts'
import { attackSigns } from './attack/attackSigns.ts'
import { flashLoan } from './attack/flashLoan.ts'
import { freshContract } from './attack/freshContract.ts'
import { missingSignature } from './attack/missingSignature.ts'
import { newCallPath } from './attack/newCallPath.ts'
import { openPayment } from './attack/openPayment.ts'
import { pendingTransactions } from './attack/pendingTransactions.ts'
import { probing } from './attack/probing.ts'
import { proceeds } from './attack/proceeds.ts'
import { reentrancy } from './attack/reentrancy.ts'
import { repeatedClaim } from './attack/repeatedClaim.ts'
import { replayedSignature } from './attack/replayedSignature.ts'
import { roundingLoop } from './attack/roundingLoop.ts'
import { roundTrip } from './attack/roundTrip.ts'
import { bridgeConservation } from './dependency/bridgeConservation.ts'
import { depeg } from './dependency/depeg.ts'
import { dependencyMap } from './dependency/dependencyMap.ts'
import { poolDepth } from './dependency/poolDepth.ts'
import { serviceHealth } from './dependency/serviceHealth.ts'
import { governance } from './governance/governance.ts'
import { governanceCost } from './governance/governanceCost.ts'
import { moduleQueue } from './governance/moduleQueue.ts'
import { paymentStream } from './governance/paymentStream.ts'
import { oracleBounds } from './oracle/oracleBounds.ts'
import { oracleConfig } from './oracle/oracleConfig.ts'
import { oracleDeviation } from './oracle/oracleDeviation.ts'
import { oracleJump } from './oracle/oracleJump.ts'
import { oracleStale } from './oracle/oracleStale.ts'
import { priceManipulation } from './oracle/priceManipulation.ts'
import { sequencerUptime } from './oracle/sequencerUptime.ts'
import { absence } from './rules/absence.ts'
import { expression } from './rules/expression.ts'
import { state } from './rules/state.ts'
import { valueJump } from './rules/valueJump.ts'
import { safeExecution } from './safe/safeExecution.ts'
import { accountEntries } from './value/accountEntries.ts'
import { backing } from './value/backing.ts'
import { clusterProfit } from './value/clusterProfit.ts'
import { largeTransfer } from './value/largeTransfer.ts'
import { outflowCap } from './value/outflowCap.ts'
import { ownLoss } from './value/ownLoss.ts'
import { testPayment } from './value/testPayment.ts'
import { unpaidDeposit } from './value/unpaidDeposit.ts'
import { unusualOutflow } from './value/unusualOutflow.ts'

/** What is built in, by the id that stands after `use:`. */
export const detectors: ReadonlyMap<string, AnyDetector> = new Map<string, AnyDetector>(
  [
    absence,
    expression,
    state,
    valueJump,
    keySettings,
    newRights,
    pauserHealth,
    privilegedChange,
    unseenCode,
    safeExecution,
    governance,
    governanceCost,
    moduleQueue,
    paymentStream,
    accountEntries,
    backing,
    clusterProfit,
    largeTransfer,
    outflowCap,
    ownLoss,
    testPayment,
    unpaidDeposit,
    unusualOutflow,
    oracleBounds,
    oracleConfig,
    oracleDeviation,
    oracleJump,
    oracleStale,
    priceManipulation,
    sequencerUptime,
    addressPoisoning,
    allowanceMisuse,
    approvalBurst,
    attackSigns,
    flashLoan,
    freshContract,
    newCallPath,
    openPayment,
    pendingTransactions,
    probing,
    proceeds,
    reentrancy,
    repeatedClaim,
    replayedSignature,
    missingSignature,
    roundingLoop,
    roundTrip,
    bridgeConservation,
    dependencyMap,
    depeg,
    poolDepth,
    serviceHealth,
    transactionRate,
  ].map((detector) => [detector.id, detector]),
)
