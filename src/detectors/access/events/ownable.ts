import type { Address } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent } from '../privilegedEvent.ts'

/** Ownable and Ownable2Step. */
export const ownableEvents: readonly PrivilegedEvent[] = [
  privilegedEvent<[Address, Address]>(
    'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
    {
      standard: 'Ownable',
      kind: 'owner',
      tell: ([from, to], { name, show }) => ({
        title: `Owner of ${name} changed from ${show(from)} to ${show(to)}`,
        facts: { old: from, new: to },
        empowers: to,
        sets: { values: ['owner'], to },
      }),
    },
  ),
  privilegedEvent<[Address, Address]>(
    'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
    {
      standard: 'Ownable2Step',
      kind: 'owner',
      tell: ([from, to], { name, show }) => ({
        title: `Ownership of ${name} was offered to ${show(to)}`,
        facts: { owner: from, new: to },
        sets: { values: ['pendingOwner'], to },
      }),
    },
  ),
]
