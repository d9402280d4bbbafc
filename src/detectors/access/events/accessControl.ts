import { toHex } from 'viem/utils'
import { roleNames } from '../../../evm/roleNames.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent, type Telling, type Words } from '../privilegedEvent.ts'

const standard = 'AccessControl'
const showRole = (role: Hex) => roleNames.get(role) ?? `role ${role.slice(0, 10)}…`

function member(role: Hex, account: Address, isMember: boolean, { name, show, self }: Words): Telling {
  const data: Hex = `0x91d14854${role.slice(2)}${'0'.repeat(24)}${account.slice(2)}`
  return {
    title: isMember
      ? `${showRole(role)} of ${name} was granted to ${show(account)}`
      : `${showRole(role)} of ${name} was taken from ${show(account)}`,
    facts: { role, roleName: roleNames.get(role) ?? null, account },
    ...(isMember && { empowers: account }),
    proof: { read: { kind: 'call', at: 'block', to: self, data }, answer: toHex(isMember, { size: 32 }) },
  }
}

/** By these somebody can stop what goes wrong: whoever means harm takes them away first. */
const brakes = /^(PAUSER|GUARDIAN|EMERGENCY|CANCELLER)_ROLE$/

/** AccessControl, and the delayed admin transfer of AccessControlDefaultAdminRules. */
export const accessControlEvents: readonly PrivilegedEvent[] = [
  privilegedEvent<[Hex, Address, Address]>(
    'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
    { standard, kind: 'role', tell: ([role, account], words) => member(role, account, true, words) },
  ),
  privilegedEvent<[Hex, Address, Address]>(
    'event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)',
    {
      standard,
      kind: 'role',
      tell: ([role, account], words) => ({
        ...member(role, account, false, words),
        ...(brakes.test(roleNames.get(role) ?? '') ? {} : { severity: 'medium' as const }),
      }),
    },
  ),
  privilegedEvent<[Hex, Hex, Hex]>(
    'event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)',
    {
      standard,
      kind: 'role',
      tell: ([role, from, to], { name }) => ({
        title: `${showRole(role)} of ${name} is now administered by ${showRole(to)} instead of ${showRole(from)}`,
        facts: { role, roleName: roleNames.get(role) ?? null, old: from, new: to },
      }),
    },
  ),
  privilegedEvent<[Address, bigint]>(
    'event DefaultAdminTransferScheduled(address indexed newAdmin, uint48 acceptSchedule)',
    {
      standard: 'AccessControlDefaultAdminRules',
      kind: 'role',
      tell: ([to, at], { name, show }) => ({
        title: `DEFAULT_ADMIN_ROLE of ${name} was offered to ${show(to)}`,
        facts: { new: to, acceptableAt: at.toString() },
      }),
    },
  ),
  privilegedEvent<[bigint, bigint]>('event DefaultAdminDelayChangeScheduled(uint48 newDelay, uint48 effectSchedule)', {
    standard: 'AccessControlDefaultAdminRules',
    kind: 'role',
    tell: ([delay, at], { name }) => ({
      title: `The delay of admin transfers of ${name} is to become ${delay} seconds`,
      facts: { delaySeconds: delay.toString(), effectiveAt: at.toString() },
    }),
  }),
]
