import { toHex } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent, type Telling, type Words } from '../privilegedEvent.ts'

const standard = 'AccessManager'
/** 2^64 − 1: everybody. */
const publicRole = (1n << 64n) - 1n
const showRole = (role: bigint) => (role === 0n ? 'ADMIN_ROLE' : role === publicRole ? 'PUBLIC_ROLE' : `Role ${role}`)

function hasRole(role: bigint, account: Address, { self }: Words, answer: boolean): Telling['proof'] {
  const data: Hex = `0xd1f856ee${toHex(role, { size: 32 }).slice(2)}${'0'.repeat(24)}${account.slice(2)}`
  return { read: { kind: 'call', at: 'block', to: self, data }, answer: toHex(answer, { size: 32 }) }
}

const roleEvents = [
  privilegedEvent<[bigint, Address, bigint, bigint, boolean]>(
    'event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)',
    {
      standard,
      kind: 'role',
      tell: ([role, account, delay, since, isNew], words) => ({
        title: isNew
          ? `${showRole(role)} of ${words.name} was granted to ${words.show(account)}`
          : `The delay of ${words.show(account)} in ${showRole(role)} of ${words.name} is to become ${delay} seconds`,
        facts: { role: role.toString(), account, delaySeconds: delay.toString(), since: since.toString() },
        empowers: account,
        ...provenBy(hasRole(role, account, words, true)),
      }),
    },
  ),
  privilegedEvent<[bigint, Address]>('event RoleRevoked(uint64 indexed roleId, address indexed account)', {
    standard,
    kind: 'role',
    tell: ([role, account], words) => ({
      title: `${showRole(role)} of ${words.name} was taken from ${words.show(account)}`,
      facts: { role: role.toString(), account },
      ...provenBy(hasRole(role, account, words, false)),
      severity: 'medium',
    }),
  }),
  ...(['admin', 'guardian'] as const).map((which) =>
    privilegedEvent<[bigint, bigint]>(
      `event Role${which === 'admin' ? 'Admin' : 'Guardian'}Changed(uint64 indexed roleId, uint64 indexed ${which})`,
      {
        standard,
        kind: 'role',
        tell: ([role, to], { name }) => ({
          title: `${showRole(role)} of ${name} has ${showRole(to)} as its ${which} now`,
          facts: { role: role.toString(), new: to.toString() },
        }),
      },
    ),
  ),
  privilegedEvent<[bigint, bigint, bigint]>(
    'event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)',
    {
      standard,
      kind: 'role',
      tell: ([role, delay, since], { name }) => ({
        title: `The delay of grants of ${showRole(role)} of ${name} is to become ${delay} seconds`,
        facts: { role: role.toString(), delaySeconds: delay.toString(), since: since.toString() },
      }),
    },
  ),
]

const targetEvents = [
  privilegedEvent<[Address, boolean]>('event TargetClosed(address indexed target, bool closed)', {
    standard,
    kind: 'pause',
    tell: ([target, closed], { name, show }) => ({
      title: `${show(target)} was ${closed ? 'closed' : 'opened'} by ${name}`,
      facts: { target, closed },
      severity: 'medium',
    }),
  }),
  privilegedEvent<[Address, Hex, bigint]>(
    'event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)',
    {
      standard,
      kind: 'authority',
      tell: ([target, selector, role], { name, show }) => ({
        title: `Function ${selector} of ${show(target)} was opened to ${showRole(role)} by ${name}`,
        facts: { target, selector, role: role.toString() },
        ...(role === publicRole && { severity: 'critical' }),
      }),
    },
  ),
  privilegedEvent<[Address, bigint, bigint]>(
    'event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)',
    {
      standard,
      kind: 'authority',
      tell: ([target, delay, since], { name, show }) => ({
        title: `The delay of changes to ${show(target)} by ${name} is to become ${delay} seconds`,
        facts: { target, delaySeconds: delay.toString(), since: since.toString() },
      }),
    },
  ),
  privilegedEvent<[Hex, bigint, bigint, Address, Address, Hex]>(
    'event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)',
    {
      standard,
      kind: 'authority',
      tell: ([operation, , at, caller, target, data], { name, show }) => ({
        title: `${show(caller)} scheduled a call of ${data.slice(0, 10)} on ${show(target)} in ${name}`,
        facts: { operation, executableAt: at.toString(), caller, target, data: data.slice(0, 2 + 2 * 256) },
        severity: 'medium',
      }),
    },
  ),
  privilegedEvent<[Address]>('event AuthorityUpdated(address authority)', {
    standard: 'AccessManaged',
    kind: 'authority',
    tell: ([to], { name, show }) => ({
      title: `Authority of ${name} changed to ${show(to)}`,
      facts: { new: to },
      sets: { values: ['authority'], to },
    }),
  }),
]

function provenBy(proof: Telling['proof']): Pick<Telling, 'proof'> {
  return proof ? { proof } : {}
}

/** AccessManager, and the contracts that ask one. */
export const accessManagerEvents: readonly PrivilegedEvent[] = [...roleEvents, ...targetEvents]
