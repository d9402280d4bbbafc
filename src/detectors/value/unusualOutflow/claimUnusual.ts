import { usualShare } from '../../../lib/usualFlow.ts'
import type { Claim, Measured } from '../../../model/finding.ts'
import { showAmount } from '../amounts.ts'
import type { TokenLabel } from '../tokenBook.ts'
import { type Hour, type Learned, type Movement, type Series, seriesKey } from './series.ts'

export const groupOf = (series: Series): string => `unusual outflow ${seriesKey(series)}`

const percent = (share: number): string => `${Number((100 * share).toPrecision(3)).toLocaleString('en')} %`

/** An hour in which more left than chance explains. */
export function claimHour({
  series,
  hour,
  share,
  limit,
  learned,
  label,
  movement,
  severity,
}: {
  series: Series
  hour: Hour
  share: number
  limit: number
  learned: Learned
  label: TokenLabel
  movement: Movement
  severity: 'medium' | undefined
}): Claim {
  const { account, token } = series
  const usual = usualShare(learned.usual, hour.hour) ?? 0
  const shown = `${showAmount(BigInt(hour.out), label.decimals ?? 0)} ${label.symbol ?? token}`
  return {
    key: `${groupOf(series)} ${severity ?? 'unusual'} ${hour.hour}`,
    ...(movement.transactionHash
      ? { transactionHash: movement.transactionHash }
      : { subject: `balance of ${account.address}` }),
    address: account.address,
    title: `${shown} (${percent(share)}) left ${account.name} within an hour that usually takes ${percent(usual)}`,
    facts: {
      token,
      symbol: label.symbol,
      decimals: label.decimals,
      outflow: hour.out,
      heldAtStart: hour.held,
      share: percent(share),
      usualShare: percent(usual),
      limit: percent(limit),
      hoursLearned: learned.usual.peaks.learned,
    },
    evidence: 'soft',
    ...(severity ? { severity } : { measured: measuredOf(share) }),
    group: groupOf(series),
  }
}

/** In percent of what was held when the hour began. */
export const measuredOf = (share: number): Measured => ({ limit: ['percent'], value: 100 * share })

/** Hours that were each above the usual, and together have taken much. */
export function claimCreep({ series, learned, hour }: { series: Series; learned: Learned; hour: number }): Claim {
  const { account, token } = series
  return {
    key: `${groupOf(series)} creep ${learned.creeps}`,
    subject: `balance of ${account.address}`,
    address: account.address,
    title: `${percent(learned.lost)} of ${token === 'native' ? 'the native coins' : token} has left ${account.name} in hours that each took more than usual`,
    facts: { token, lostShare: percent(learned.lost), usualShare: percent(usualShare(learned.usual, hour) ?? 0) },
    evidence: 'soft',
    severity: 'medium',
    group: groupOf(series),
  }
}
