import { toFunctionSelector } from 'viem/utils'
import { holds } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'

/**
 * How many must agree, how long something waits, how much may leave, for what something is sold, or what is kept of it: a
 * number that stands before a thief.
 */
export type Safeguard = { getter: string; kind: 'votes' | 'wait' | 'limit' | 'price' | 'fee'; value: bigint }
/** As contracts of many makers call them: multi-signature wallets, bridges, rollups, vaults. */
const getters: Record<Safeguard['kind'], readonly string[]> = {
  votes: [
    ...['required', 'threshold', 'quorum', 'requiredSignatures', 'requiredConfirmations', 'requiredVotes'],
    ...['numConfirmationsRequired', 'minSignatures', 'minConfirmations', 'minValidators', 'signatureThreshold'],
    ...['signaturesRequired', 'validatorThreshold', 'guardianThreshold', 'signerThreshold', 'confirmations'],
  ],
  wait: [
    ...['delay', 'timelockDelay', 'withdrawalDelay', 'withdrawDelay', 'executionDelay', 'upgradeDelay'],
    ...['challengePeriod', 'challengeWindow', 'disputePeriod', 'disputeTime', 'cooldown', 'cooldownPeriod'],
    ...['finalizationPeriodSeconds', 'exitDelay', 'noticePeriod', 'lockPeriod', 'withdrawalPeriod'],
  ],
  limit: [
    ...['dailyLimit', 'withdrawalLimit', 'withdrawLimit', 'maxWithdrawal', 'maxPerTx', 'executionMaxPerTx'],
    ...['transferLimit', 'limitPerDay', 'mintLimit', 'maxMintPerDay', 'mintCap', 'borrowLimit', 'borrowCap'],
  ],
  price: [
    ...['rate', 'price', 'tokenPrice', 'unitPrice', 'salePrice', 'buyPrice', 'sellPrice', 'pricePerToken'],
    ...['conversionRate', 'redemptionRate', 'redemptionPrice', 'swapRate', 'mintPrice'],
  ],
  fee: [
    ...['fee', 'feeBps', 'feeRate', 'swapFee', 'withdrawFee', 'withdrawalFee', 'redemptionFee', 'transferFee'],
    ...['protocolFee', 'performanceFee', 'tax', 'taxRate', 'buyTax', 'sellTax', 'slippage', 'maxSlippage'],
  ],
}
const all = Object.entries(getters).flatMap(([kind, names]) =>
  names
    .flatMap((name) => [name, `get${name.slice(0, 1).toUpperCase()}${name.slice(1)}`])
    .map((getter) => ({ kind: kind as Safeguard['kind'], getter, selector: toFunctionSelector(`${getter}()`) })),
)
/** Those of which the code of a contract speaks. */
export const safeguardsIn = (facts: ContractFacts) =>
  isGuarded(facts) ? all.filter(({ selector }) => facts.codes.some((code) => holds(code, selector))) : []

/** Safes, timelocks and governors have monitors that know better what their numbers mean. */
const isGuarded = (facts: ContractFacts): boolean => {
  const { form, safe, timelock, governor, accessManager, module, feed, pair, pool } = facts
  return form === 'contract' && !(safe || timelock || governor || accessManager || module || feed || pair || pool)
}
