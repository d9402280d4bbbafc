import { durationWords } from '../../../lib/durationWords.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import { isPercentOf, percentIn, showPercent } from '../../tokens/amounts.ts'
import { showTokens } from '../../tokens/showTokens.ts'
import type { PaymentStreamOptions } from './options.ts'
import type { Stake } from './stake.ts'
import type { StreamLog } from './streamForms.ts'

/** What is known of an opened or funded stream beside what its contract says. */
export type Judged = {
  target: Contract
  stake: Stake | null
  /** Other streams that nobody had decided on within a week. */
  others: { count: number; amount: bigint }
  /** By whom it had been decided; null: nobody that is known. */
  decision: string | null
  /** The payer acted, the contract is known, or a known token bears it out. */
  isCredible: boolean
  isKnown: boolean
  isTrusted: boolean
  options: PaymentStreamOptions
  show(address: Address): string
}

export const groupOf = ({ log, payer, recipient, token, streamId }: StreamLog) =>
  `stream ${log.address} ${payer} ${streamId ?? `${recipient} ${token}`}`

/** Null: not worth telling, as little is paid to somebody who is known. */
export function claimStream(stream: StreamLog, judged: Judged): Claim | null {
  const { target, stake, decision, isCredible, isKnown, options, show } = judged
  const weight = weightOf(stream, judged)
  if (isKnown && weight.severity === 'low' && isCredible) return null
  const { log, system, recipient, payer, streamId, end, ender } = stream
  const recipientShown = recipient ? show(recipient) : `the stream ${streamId?.slice(0, 12)}`
  return {
    key: `stream ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: target.address,
    group: groupOf(stream),
    title: `${target.name} pays ${recipientShown} ${amountWords(stream, judged)}${othersWords(judged)}${isCredible ? '' : ', as a contract says that nothing else bears out'}`,
    facts: {
      ...{ system, contract: log.address, payer, recipient, streamId, token: stake?.token ?? stream.token },
      ...(stake && {
        amount: stake.amount.toString(),
        held: stake.held.toString(),
        share: showPercent(stake.amount, stake.held),
        ...(judged.others.count > 0 && { others: judged.others.count, othersTake: judged.others.amount.toString() }),
        ...(stake.perDay && { perDay: stake.perDay.toString(), lasts: lasting(stake) }),
      }),
      ...(stream.deposit === null && { days: options.days }),
      ...(end !== null && { end }),
      ender: ender ?? 'nobody is known who can end it',
      ...(decision && { planned: decision }),
    },
    evidence: stake?.isBorne && isCredible ? 'hard' : 'soft',
    confidence: isCredible ? (judged.isTrusted ? 'high' : 'medium') : 'low',
    ...weight,
  }
}

/** `medium` by size alone; what nobody had decided and is large has the severity of the monitor. */
function weightOf(
  { system, act, rate, before }: StreamLog,
  { stake, others, decision, isCredible, options }: Judged,
): Pick<Claim, 'severity' | 'measured'> {
  if (!stake) return { severity: isCredible ? 'medium' : 'low' }
  const { amount, held, isBorne } = stake
  if (!isCredible && !isBorne) return { severity: 'low' }
  if (before && rate && before.perSecond >= rate.perSecond) return { severity: 'low' }
  const taken = decision ? amount : amount + others.amount
  if (amount === 0n || held === 0n || !isPercentOf(taken, options.percent, held)) return { severity: 'low' }
  // A stream of Sablier Flow pays only what is put into it, of which a second event tells.
  const isPromise = system === 'Sablier Flow' && act === 'opened'
  if (decision || isPromise || !isCredible || !isPercentOf(taken, options.grave, held)) return { severity: 'medium' }
  return { measured: { limit: ['grave'], value: percentIn(taken, held) } }
}

function amountWords(stream: StreamLog, { stake, show }: Judged): string {
  const { system, act, deposit, rate, before } = stream
  if (!stake) return `by a stream of ${system}`
  const { token, label, perDay, amount, held } = stake
  const words = (units: bigint) => showTokens({ amount: units, standard: 'erc20', token, label, show })
  if (deposit !== null) {
    return `${words(amount)} by a stream of ${system}${act === 'funded' ? ' that it puts money into' : ''}: ${showPercent(amount, held)} of what it held`
  }
  const empties = perDay && held > 0n ? `, which empties it within ${lasting(stake)}` : ''
  const was = before && rate && perDay ? ` instead of ${words((perDay * before.perSecond) / rate.perSecond)}` : ''
  return `${words(perDay ?? 0n)} a day${was} by a stream of ${system}${empties}`
}

/** Said where they are what makes it large. */
function othersWords({ stake, others, decision, options }: Judged): string {
  if (!stake || decision || others.count === 0 || isPercentOf(stake.amount, options.grave, stake.held)) return ''
  const together = showPercent(stake.amount + others.amount, stake.held)
  return `; with ${others.count} more within a week ${together}`
}

/** How long what is held lasts at the rate of this stream alone. */
function lasting({ held, perDay }: Stake): string {
  if (!perDay) return 'ever'
  const seconds = (held * 86_400n) / perDay
  return seconds > 3_153_600_000n ? 'more than a century' : durationWords(Number(seconds))
}

/** @param given `isTrusted`: the config names the contract that says so. */
export function claimEnd(
  stream: StreamLog,
  target: Contract,
  { isTrusted, show }: { isTrusted: boolean; show(address: Address): string },
): Claim {
  const { log, system, payer, recipient, streamId } = stream
  const isPaid = recipient === target.address
  return {
    key: `ended ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: target.address,
    group: groupOf(stream),
    title: isPaid
      ? `${show(payer)} stopped a stream of ${system} that paid ${target.name}`
      : `A stream of ${system} from ${target.name} to ${recipient ? show(recipient) : 'somebody'} was stopped`,
    facts: { system, contract: log.address, payer, recipient, streamId },
    evidence: 'soft',
    severity: isPaid && isTrusted ? 'medium' : 'low',
  }
}
