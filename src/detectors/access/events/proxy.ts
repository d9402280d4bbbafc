import type { Address } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent } from '../privilegedEvent.ts'

/** ERC-1967 proxies (transparent, UUPS), beacons and their proxies, and the proxies of Compound. */
export const proxyEvents: readonly PrivilegedEvent[] = [
  privilegedEvent<[Address]>('event Upgraded(address indexed implementation)', {
    standard: 'ERC-1967',
    kind: 'upgrade',
    tell: ([to], { name, show }) => ({
      title: `Implementation of ${name} changed to ${show(to)}`,
      facts: { new: to },
      sets: {
        values: ['implementation', 'legacyImplementation', 'proxiableImplementation', 'ownImplementation'],
        to,
      },
    }),
  }),
  privilegedEvent<[Address]>('event BeaconUpgraded(address indexed beacon)', {
    standard: 'ERC-1967',
    kind: 'upgrade',
    tell: ([to], { name, show }) => ({
      title: `Beacon of ${name} changed to ${show(to)}`,
      facts: { new: to },
      sets: { values: ['beacon'], to },
    }),
  }),
  privilegedEvent<[Address, Address]>('event AdminChanged(address previousAdmin, address newAdmin)', {
    standard: 'ERC-1967',
    kind: 'admin',
    tell: ([from, to], { name, show }) => ({
      title: `Proxy admin of ${name} changed from ${show(from)} to ${show(to)}`,
      facts: { old: from, new: to },
      sets: { values: ['proxyAdmin', 'admin'], to },
    }),
  }),
  privilegedEvent<[Address]>('event ChangedMasterCopy(address singleton)', {
    standard: 'Safe',
    kind: 'upgrade',
    tell: ([to], { name, show }) => ({
      title: `Singleton of ${name} changed to ${show(to)}`,
      facts: { new: to },
      sets: { values: ['singleton'], to },
    }),
  }),
  privilegedEvent<[Address, Address]>('event NewAdmin(address oldAdmin, address newAdmin)', {
    standard: 'Compound',
    kind: 'admin',
    tell: ([from, to], { name, show }) => ({
      title: `Admin of ${name} changed from ${show(from)} to ${show(to)}`,
      facts: { old: from, new: to },
      sets: { values: ['admin'], to },
    }),
  }),
  privilegedEvent<[Address, Address]>('event NewImplementation(address oldImplementation, address newImplementation)', {
    standard: 'Compound',
    kind: 'upgrade',
    tell: ([from, to], { name, show }) => ({
      title: `Implementation of ${name} changed from ${show(from)} to ${show(to)}`,
      facts: { old: from, new: to },
      sets: { values: ['ownImplementation'], to },
    }),
  }),
]
