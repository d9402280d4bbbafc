import { toHex } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import { type Kind, type PrivilegedEvent, privilegedEvent, type Telling, type Words } from '../privilegedEvent.ts'

const standard = 'Safe'

function proof(self: Address, data: Hex, answer: bigint | boolean): NonNullable<Telling['proof']> {
  return { read: { kind: 'call', at: 'block', to: self, data }, answer: toHex(answer, { size: 32 }) }
}

/** An account that gained or lost a power. `ask`: selector of the function that says whether an account has it. */
function member(
  name: string,
  { kind, ask, isIn, says }: { kind: Kind; ask: Hex; isIn: boolean; says(account: string, safe: string): string },
): PrivilegedEvent {
  return privilegedEvent<[Address]>(`event ${name}(address indexed account)`, {
    standard,
    kind,
    tell: ([account], { name: safe, show, self }) => ({
      title: says(show(account), safe),
      facts: { account },
      proof: proof(self, `${ask}${'0'.repeat(24)}${account.slice(2)}`, isIn),
    }),
  })
}

/** A contract that the Safe asks or passes calls on to; the zero address is none. */
function helper(name: string, label: string): PrivilegedEvent {
  return privilegedEvent<[Address]>(`event ${name}(address indexed account)`, {
    standard,
    kind: 'authority',
    tell: ([account], { name: safe, show }: Words) => ({
      title:
        BigInt(account) === 0n ? `${label} of ${safe} was removed` : `${label} of ${safe} changed to ${show(account)}`,
      facts: { new: account },
    }),
  })
}

const isOwner: Hex = '0x2f54bf6e'
const isModuleEnabled: Hex = '0x2d9ad53d'
const getThreshold: Hex = '0xe75235b8'

/** Who may sign for a Safe, how many of them must, and what may act without them. */
export const safeEvents: readonly PrivilegedEvent[] = [
  member('AddedOwner', {
    kind: 'owner',
    ask: isOwner,
    isIn: true,
    says: (account, safe) => `${account} became an owner of ${safe}`,
  }),
  member('RemovedOwner', {
    kind: 'owner',
    ask: isOwner,
    isIn: false,
    says: (account, safe) => `${account} is no owner of ${safe} any more`,
  }),
  privilegedEvent<[bigint]>('event ChangedThreshold(uint256 threshold)', {
    standard,
    kind: 'owner',
    tell: ([threshold], { name: safe, self }) => ({
      title: `${safe} now asks for ${threshold} ${threshold === 1n ? 'signature' : 'signatures'}`,
      facts: { new: threshold.toString() },
      proof: proof(self, getThreshold, threshold),
    }),
  }),
  member('EnabledModule', {
    kind: 'authority',
    ask: isModuleEnabled,
    isIn: true,
    says: (account, safe) => `Module ${account} of ${safe} was enabled: it acts without signatures`,
  }),
  member('DisabledModule', {
    kind: 'authority',
    ask: isModuleEnabled,
    isIn: false,
    says: (account, safe) => `Module ${account} of ${safe} was disabled`,
  }),
  helper('ChangedGuard', 'Guard'),
  helper('ChangedModuleGuard', 'Guard of the modules'),
  helper('ChangedFallbackHandler', 'Fallback handler'),
]
