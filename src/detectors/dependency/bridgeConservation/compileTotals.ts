import type { BridgeEnd, BridgeSide, BridgeTotal } from '../../../model/bridge.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Assignment, Watch } from '../../../model/detector.ts'
import { KnownError } from '../../../model/error.ts'
import type { Json } from '../../../model/finding.ts'
import type { Read } from '../../../model/read.ts'
import { nativeBalance, readAmount, tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { resolveToken } from '../../tokens/tokenOption.ts'
import { scaling } from './counterparts.ts'
import type { BridgeOptions, SideOptions, TotalOptions } from './options.ts'

type End = BridgeEnd & { target: Contract }
/** Longer, and what a reorg takes away would not be judged again far enough back. */
const graceMax = 86_400

type Totals = Record<BridgeSide, TotalOptions>

const isTotal = (side: SideOptions | TotalOptions): side is TotalOptions => !('event' in side)

/** Both sides as totals; null: both are told by messages. @throws {KnownError} One is this, the other that. */
export function totalsOf({ locked, released }: BridgeOptions): Totals | null {
  if (isTotal(locked) && isTotal(released)) return { locked, released }
  if (!isTotal(locked) && !isTotal(released)) return null
  const [told, counted] = isTotal(locked) ? ['released', 'locked'] : ['locked', 'released']
  throw new KnownError('invalid', `\`${told}\` is told by an event and \`${counted}\` by how much there is.`, {
    hints: ['Name on both sides the event with its `id`, or on both how much there is (`holds`, `supply` or `call`).'],
  })
}

/**
 * Asks each block what lies on the sides of the bridge that are on this chain, and hands on what has changed.
 * @throws {KnownError} The config has no such token on this chain.
 */
export function compileTotals(
  totals: Totals,
  assignment: Assignment<BridgeOptions>,
  ends: Record<BridgeSide, End>,
): Pick<Watch, 'interests' | 'notes' | 'detect'> {
  const { chain, options } = assignment
  if (options.grace > graceMax) {
    throw new KnownError(
      'invalid',
      `\`grace\` is ${options.grace} s, and the clocks of two chains are not a day apart.`,
      {
        hints: ['Give at most 1d. What is on its way needs no time: it is locked before it is released.'],
      },
    )
  }
  const up = scaling(totals.locked.decimals, totals.released.decimals)
  const sides = (['locked', 'released'] as const)
    .filter((side) => ends[side].chain.id === chain.id)
    .map((side) => ({
      side,
      name: ends[side].contract,
      read: readOf(totals[side], ends[side], assignment),
      scale: side === 'locked' ? up : (amount: bigint) => amount,
    }))
  return {
    interests: [{ kind: 'state', reads: sides.map(({ read }) => read), everyBlocks: 1 }],
    notes:
      ends.locked.chain.id === chain.id
        ? ['Totals are compared, so that a theft that is smaller than what is on its way to be unlocked is not seen.']
        : [],
    detect(observation, memory) {
      const told: BridgeTotal[] = []
      const blind: string[] = []
      const changed: Record<string, Json> = {}
      for (const { side, name, read, scale } of sides) {
        const found = readAmount(observation, read)
        if (found.amount === null) {
          blind.push(`How much is ${side} in ${name} could not be read: ${found.blind ?? 'it does not say'}`)
          continue
        }
        const amount = String(scale(found.amount))
        if (memory.get(side) === amount) continue
        told.push({ side, amount })
        changed[side] = amount
      }
      return { totals: told, blind, memory: changed }
    },
  }
}

function readOf(total: TotalOptions, { address }: End, place: Pick<Assignment<unknown>, 'names' | 'chain'>): Read {
  if ('supply' in total) return totalSupply(address, 'block')
  if ('call' in total)
    return { kind: 'call', at: 'block', to: address, data: total.call.toLowerCase() as `0x${string}` }
  const token = resolveToken(total.holds, place)!
  return token === 'native' ? nativeBalance(address, 'block') : tokenBalance(token, address, 'block')
}
