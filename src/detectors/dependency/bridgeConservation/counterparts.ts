import type { BridgeEnd, BridgeLeg, BridgeSide } from '../../../model/bridge.ts'
import type { Assignment } from '../../../model/detector.ts'
import { KnownError } from '../../../model/error.ts'
import type { Told } from './compileSide.ts'
import type { BridgeOptions } from './options.ts'

type Due = Pick<BridgeLeg, 'message' | 'token' | 'amount' | 'recipient'>
type Counterpart = { token: string; scale(amount: bigint): bigint }

/**
 * What has to be released for what was locked, by the tokens of the options.
 * @throws {KnownError} A token is no contract of the config on its side, or is listed twice.
 */
export function compileCounterparts(
  tokens: BridgeOptions['tokens'],
  { anywhere }: Pick<Assignment<unknown>, 'anywhere'>,
  ends: Record<BridgeSide, BridgeEnd>,
): (told: Told) => Due {
  const addressOf = (text: string, side: BridgeSide) => {
    if (!text.startsWith('$')) return text.toLowerCase()
    const { chain } = ends[side]
    const found = anywhere?.(text.slice(1))
    if (found?.chain.id === chain.id) return found.contract.address
    throw new KnownError('invalid', `The token ${text} is no contract of the config on chain "${chain.name}".`, {
      hints: ['Add it under contracts:, or write its address.'],
    })
  }
  const counterparts = new Map<string, Counterpart>()
  for (const { locked, released, decimals: [from, to] = [0, 0] } of tokens) {
    const key = addressOf(locked, 'locked')
    if (counterparts.has(key)) throw new KnownError('invalid', `The token ${locked} is listed twice under \`tokens\`.`)
    counterparts.set(key, { token: addressOf(released, 'released'), scale: scaling(from, to) })
  }
  return ({ token, amount, ...told }) => {
    const counterpart = token === null ? undefined : counterparts.get(token)
    return { ...told, token: counterpart?.token ?? token, amount: String(counterpart?.scale(amount) ?? amount) }
  }
}

/** Up where it does not come out even: what a bridge rounds is not taken for a theft. */
export function scaling(from: number, to: number): (amount: bigint) => bigint {
  if (to >= from) return (amount) => amount * 10n ** BigInt(to - from)
  const unit = 10n ** BigInt(from - to)
  return (amount) => (amount + unit - 1n) / unit
}
