import type { Measured } from '../../../model/finding.ts'
import { percentIn } from '../../tokens/amounts.ts'
import type { Growth } from './crossings.ts'

/**
 * What has left, in the unit of the cap that it reached. Where both limits are given both must be reached, so that raising
 * one is enough.
 *
 * @param inWindows Whether the options name the caps by window.
 */
export function measuredOf({ cap, sum, base }: Growth, decimals: number, inWindows: boolean): Measured {
  const { window, percent, amount } = cap
  const name = percent === undefined || base === null ? 'amount' : 'percent'
  const isPlain = amount === undefined
  const limit = inWindows ? ['windows', window, ...(isPlain ? [] : [name])] : [name]
  return { limit, value: name === 'percent' ? percentIn(sum, base!) : Number(sum) / 10 ** decimals }
}
