import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Counts } from './counts.ts'
import type { Tally } from './tally.ts'
import type { Unusual } from './unusual.ts'

/** Whatever is unusual at a contract at one time joins one alert. */
export const groupOf = (address: Address): string => `rate ${address}`

export function claimRate({
  unusual,
  episode,
  counts,
  target,
  seconds,
  show,
}: {
  unusual: Unusual
  episode: number
  counts: Counts
  target: Contract
  seconds: number
  show(address: Address): string
}): Claim {
  const { series, count } = unusual
  const span = showSpan('limit' in unusual ? unusual.seconds : seconds)
  const ending =
    'limit' in unusual
      ? `the limit is ${unusual.limit.toLocaleString('en')}`
      : `where ${showMean(unusual.expected)} ${unusual.expected > 1 ? 'are' : 'is'} usual`
  return {
    key: `${series} ${episode}`,
    subject: `transactions to ${target.address}`,
    address: target.address,
    title: `${subjectOf(series, count, show)} to ${target.name} within ${span}, ${ending}`,
    facts: {
      series,
      count,
      spanSeconds: 'limit' in unusual ? unusual.seconds : seconds,
      ...('limit' in unusual
        ? { limit: unusual.limit }
        : { expected: showMean(unusual.expected), log10Probability: (unusual.logProbability / Math.LN10).toFixed(1) }),
      inBucket: counts.contract,
      failedInBucket: counts.failed,
      senders: top(counts.senders),
      ...(counts.failing.length > 0 && { failingSenders: top(counts.failing) }),
      selectors: top(counts.selectors),
    },
    evidence: 'soft',
    confidence: 'limit' in unusual ? 'high' : 'medium',
    group: groupOf(target.address),
  }
}

function subjectOf(series: string, count: number, show: (address: Address) => string): string {
  const [kind, key = ''] = series.split(' ')
  const number = count.toLocaleString('en')
  if (kind === 'failed') return `${number} failed transactions`
  if (kind === 'selector') return `${number} calls of ${key.length < 10 ? 'no function' : key}`
  if (kind === 'sender') return `${number} transactions from ${show(key as Address)}`
  return `${number} transactions`
}

function showSpan(seconds: number): string {
  const [size, unit] = seconds % 3600 === 0 ? [3600, 'hour'] : seconds % 60 === 0 ? [60, 'minute'] : [1, 'second']
  const number = seconds / size
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}

const showMean = (mean: number): string =>
  mean < 0.1 ? 'hardly any' : mean.toLocaleString('en', { maximumFractionDigits: 1 })

const top = (tally: Tally) =>
  tally
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([key, count]) => ({ key, count }))
