import { usualShare } from '../../../lib/usualFlow.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim, Measured } from '../../../model/finding.ts'
import type { Worth } from '../../prices/priceBook.ts'
import { showDollars } from '../../prices/showDollars.ts'
import { worthFacts } from '../../prices/worthFacts.ts'
import { showAmount } from '../../tokens/amounts.ts'
import { showToken } from '../../tokens/showToken.ts'
import type { TokenLabel } from '../../tokens/tokenBook.ts'
import { type Hour, type Learned, type Movement, type Series, seriesKey } from './series.ts'

export const groupOf = (series: Series): string => `unusual outflow ${seriesKey(series)}`

const percent = (share: number): string => `${Number((100 * share).toPrecision(3)).toLocaleString('en')} %`

const dollarsIn = (worth: Worth | null): string | null =>
  worth && 'dollars' in worth ? showDollars(worth.dollars) : null

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
  worth,
  show,
}: {
  series: Series
  hour: Hour
  share: number
  limit: number
  learned: Learned
  label: TokenLabel
  movement: Movement
  severity: 'medium' | undefined
  worth: Worth
  show(address: Address): string
}): Claim {
  const { account, token } = series
  const usual = usualShare(learned.usual, hour.hour) ?? 0
  const sizes = [percent(share), dollarsIn(worth)].filter((size) => size !== null).join(', ')
  const shown = `${showAmount(BigInt(hour.out), label.decimals ?? 0)} ${showToken(token, show, label.symbol)}`
  return {
    key: `${groupOf(series)} ${severity ?? 'unusual'} ${hour.hour}`,
    ...(movement.transactionHash
      ? { transactionHash: movement.transactionHash }
      : { subject: `balance of ${account.address}` }),
    address: account.address,
    title: `${shown} (${sizes}) left ${account.name} within an hour that usually takes ${percent(usual)}`,
    facts: {
      token,
      symbol: label.symbol,
      decimals: label.decimals,
      outflow: hour.out,
      heldAtStart: hour.held,
      share: percent(share),
      usualShare: percent(usual),
      limit: percent(limit),
      ...worthFacts(worth),
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
export function claimCreep({
  series,
  learned,
  hour,
  worth,
  show,
}: {
  series: Series
  learned: Learned
  hour: number
  /** Null: it is not known how much the share is now. */
  worth: Worth | null
  show(address: Address): string
}): Claim {
  const { account, token } = series
  const dollars = dollarsIn(worth)
  return {
    key: `${groupOf(series)} creep ${learned.creeps}`,
    subject: `balance of ${account.address}`,
    address: account.address,
    title: `${percent(learned.lost)} of the ${showToken(token, show)}${dollars === null ? '' : ` (${dollars})`} has left ${account.name} in hours that each took more than usual`,
    facts: {
      token,
      lostShare: percent(learned.lost),
      usualShare: percent(usualShare(learned.usual, hour) ?? 0),
      ...(worth && worthFacts(worth)),
    },
    evidence: 'soft',
    severity: 'medium',
    group: groupOf(series),
  }
}
