import { keccak256, toEventSelector } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { mildened } from './mildened.ts'
import { isSigned } from './signedOwners.ts'
import type { Told } from './tellings.ts'

/** CompatibilityFallbackHandler 1.3.0 (canonical, EIP-155) and 1.4.1, as Safe deploys them on each chain. */
const published: ReadonlySet<Address> = new Set<Address>([
  '0xf48f2b2d2a534e402487b3ee7c18c33aec0fe5e4',
  '0x017062a1de2fe6b99be3d9d37841fed19f573804',
  '0xfd0732dc9e303f09fcef3a7388ad10a83459ec99',
])
/** CompatibilityFallbackHandler and TokenCallbackHandler 1.4.1, as their package builds them. */
const codeHashes: ReadonlySet<Hex> = new Set<Hex>([
  '0x7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9',
  '0x93f67c39f2279c920da8fc9c37a32de7c3b0ecfaafff75f9ac762cfb7367f2db',
])

const topic = toEventSelector('ChangedFallbackHandler(address)')
const handlerOf = ({ event, telling }: Told): Address | null =>
  event.topic0 === topic ? (telling.facts.new as Address) : null

/** Of the block before: code that came in the same block may be gone after it. */
const codeRead = (of: Address): Read => ({ kind: 'code', at: 'parent', of })

export const readsOfHandlers = (told: readonly Told[]): Read[] =>
  told.flatMap((each) => {
    const handler = handlerOf(each)
    return handler && !published.has(handler) ? [codeRead(handler)] : []
  })

/**
 * A fallback handler answers for a Safe whatever the Safe itself does not know: a stranger's can say that it signed things.
 * One that Safe publishes says what the owners signed, and is set by them in each move to a newer version.
 */
export function milderHandler(claim: Claim, told: Told, safe: Address, observation: Observation): Claim {
  const handler = handlerOf(told)
  if (handler === null || !isSigned(safe, told, observation)) return claim
  if (!published.has(handler)) {
    const code = observation.state(codeRead(handler))
    if (!code.ok || !codeHashes.has(keccak256(code.data))) return claim
  }
  return mildened(claim, 'medium', { milder: 'its owners signed, and it is one that Safe publishes' })
}
