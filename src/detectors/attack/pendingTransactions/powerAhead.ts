import { proxySlots } from '../../../evm/proxySlots.ts'
import type { Address } from '../../../model/chain.ts'
import type { PendingObservation } from '../../../model/observation.ts'
import type { Read, ReadResult } from '../../../model/read.ts'

/** Power over one of ours that would pass on without a word of whoever has it. */
export type PowerAhead = {
  address: Address
  what: 'owner' | 'admin' | 'code'
  before: Address
  next: Address
  /** Nobody had it: whoever sets up a new contract takes it so, too. */
  wasFree: boolean
}

const holdersMax = 12
const zero: Address = `0x${'0'.repeat(40)}`

const at = (moment: Read['at'], of: Address): Record<PowerAhead['what'], Read> => ({
  owner: { kind: 'call', at: moment, to: of, data: '0x8da5cb5b' },
  admin: { kind: 'storage', at: moment, of, slot: proxySlots.admin },
  code: { kind: 'storage', at: moment, of, slot: proxySlots.implementation },
})
/** `pendingOwner()`: who has been offered it may take it. */
const offeredRead = (of: Address): Read => ({ kind: 'call', at: 'parent', to: of, data: '0xe30c3978' })

export const readsOfPower = (ours: Iterable<Address>): Read[] =>
  [...ours]
    .slice(0, holdersMax)
    .flatMap((of) => [...Object.values(at('parent', of)), ...Object.values(at('block', of)), offeredRead(of)])

/**
 * Where the owner, the admin or the code of one of ours would be another, and whoever has the say over it neither sends
 * the transaction, nor is called by it, nor tells of anything in it. Code of which nobody is known to have the say is
 * left out: a role that no function names may well allow it.
 */
export function powerAhead(observation: PendingObservation, ours: Iterable<Address>): PowerAhead[] {
  const [outcome] = observation.outcomes
  if (!outcome?.receipt) return []
  const { from, to } = outcome.transaction
  const acting = new Set([from, ...(to ? [to] : []), ...outcome.receipt.logs.map(({ address }) => address)])
  return [...ours].slice(0, holdersMax).flatMap((address) => {
    const [before, after] = [at('parent', address), at('block', address)]
    const held = (what: PowerAhead['what']) => addressIn(observation.state(before[what]))
    const holders = [held('owner'), held('admin')].filter((each) => each !== null && each !== zero)
    // The contract itself tells of its new owner, and is called: that is no word of whoever has the say.
    if (holders.some((holder) => holder !== null && holder !== address && acting.has(holder))) return []
    return (['owner', 'admin', 'code'] as const).flatMap((what): PowerAhead[] => {
      const [old, next] = [held(what), addressIn(observation.state(after[what]))]
      if (old === null || next === null || old === next) return []
      if (what === 'owner' && addressIn(observation.state(offeredRead(address))) === next) return []
      if (what === 'code' && holders.length === 0) return []
      return [{ address, what, before: old, next, wasFree: old === zero }]
    })
  })
}

function addressIn(result: ReadResult): Address | null {
  const digits = result.ok ? /^0x0{24}([0-9a-f]{40})$/.exec(result.data)?.[1] : undefined
  return digits ? `0x${digits}` : null
}
