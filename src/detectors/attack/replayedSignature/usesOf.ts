import { toEventSelector, toFunctionSelector } from 'viem/utils'
import { hash } from '../../../lib/hash.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import { signaturesIn, withoutSignatures } from './signaturesIn.ts'

/** A signature that one of ours was handed in a call that took effect. */
export type Use = {
  /** The contract and the signature. */
  key: string
  target: Address
  selector: Hex
  /** Of the whole call: equal where nothing of it differs, however its signatures are turned around. */
  call: string
  /** A function of a standard that says that each signature holds once. */
  once: boolean
}

const onceOnly: ReadonlySet<string> = new Set(
  [
    'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
    'permit(address,address,uint256,uint256,bytes)',
    'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)',
    'permit(address,uint256,uint256,uint8,bytes32,bytes32)',
    'permit(address,uint256,uint256,bytes)',
    'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)',
    'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)',
    'receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)',
    'receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)',
    'delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)',
  ].map(toFunctionSelector),
)

/** By these a contract tells that it took such a signature: whoever has no such function may answer to every call. */
const effects: ReadonlySet<Hex | undefined> = new Set(
  [
    'Approval(address,address,uint256)',
    'Transfer(address,address,uint256)',
    'AuthorizationUsed(address,bytes32)',
    'DelegateChanged(address,address,address)',
    'DelegateVotesChanged(address,uint256,uint256)',
  ].map(toEventSelector),
)

/** An effect on whoever the call is about, whom all of these functions name first. */
const isEffect = ({ address, topics }: Log, target: Address, input: Hex): boolean =>
  address === target && effects.has(topics[0]) && topics.includes(`0x${input.slice(10, 74)}`)

/** Of one transaction. */
const usesMax = 32

/** Each use in its order; twice the same where one transaction used a signature twice. */
export function usesOf(
  { transaction, receipt, calls }: Outcome,
  ours: ReadonlySet<Address>,
  except: ReadonlySet<string>,
): Use[] {
  if (!receipt || receipt.status === 'reverted') return []
  const handed = calls
    ? calls.filter(({ kind, from, reverted }) => kind === 'call' && !reverted && !ours.has(from))
    : [transaction]
  const uses: Use[] = []
  for (const { to, input } of handed) {
    if (to === null || !ours.has(to) || input.length < 10 + 2 * 64) continue
    const selector = input.slice(0, 10) as Hex
    if (except.has(selector)) continue
    const once = onceOnly.has(selector)
    if (once && !receipt.logs.some((log) => isEffect(log, to, input))) continue
    const names = signaturesIn(input)
    if (names.length === 0) continue
    const call = hash(withoutSignatures(input), ...names).slice(0, 16)
    uses.push(...names.map((name) => ({ key: `${to} ${name}`, target: to, selector, call, once })))
    if (uses.length >= usesMax) break
  }
  return uses.slice(0, usesMax)
}
