import { toHex } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import { type Kind, type PrivilegedEvent, privilegedEvent, type Words } from '../privilegedEvent.ts'

/** `wards(address)`, which is 1 for those who may do everything. */
const wards = '0xbf353dbb'

const ward = (isWard: boolean): PrivilegedEvent =>
  privilegedEvent<[Address]>(`event ${isWard ? 'Rely' : 'Deny'}(address indexed usr)`, {
    standard: 'Maker wards',
    kind: 'role',
    tell: ([account], { name, show, self }) => ({
      title: isWard
        ? `${show(account)} may do everything with ${name} from now on (rely)`
        : `${show(account)} may no longer do everything with ${name} (deny)`,
      facts: { account },
      proof: {
        read: { kind: 'call', at: 'block', to: self, data: `${wards}${'0'.repeat(24)}${account.slice(2)}` as Hex },
        answer: toHex(isWard, { size: 32 }),
      },
      ...(isWard ? {} : { severity: 'medium' as const }),
    }),
  })

/** An event that names the next holder last. */
const successor = (
  signature: string,
  { standard, kind, what }: { standard: string; kind: Kind; what(name: string, to: string): string },
): PrivilegedEvent =>
  privilegedEvent<Address[]>(signature, {
    standard,
    kind,
    tell(values, { name, show }: Words) {
      const to = values.at(-1)!
      return { title: what(name, show(to)), facts: { new: to } }
    },
  })

const owner = (name: string, to: string) => `Owner of ${name} changed to ${to}`
const authority = (name: string, to: string) => `${to} says from now on who may do what with ${name}`

/** How contracts tell of power that follow none of the larger standards: Maker, DSAuth, Solmate, Uniswap, Compound, and USDC. */
export const furtherStandards: readonly PrivilegedEvent[] = [
  ward(true),
  ward(false),
  successor('event LogSetOwner(address indexed owner)', { standard: 'DSAuth', kind: 'owner', what: owner }),
  successor('event OwnerChanged(address indexed oldOwner, address indexed newOwner)', {
    ...{ standard: 'Uniswap v3', kind: 'owner', what: owner },
  }),
  successor('event LogSetAuthority(address indexed authority)', {
    ...{ standard: 'DSAuth', kind: 'authority', what: authority },
  }),
  successor('event OwnerUpdated(address indexed user, address indexed newOwner)', {
    ...{ standard: 'Solmate', kind: 'owner', what: owner },
  }),
  successor('event AuthorityUpdated(address indexed user, address indexed newAuthority)', {
    ...{ standard: 'Solmate', kind: 'authority', what: authority },
  }),
  successor('event NewAdmin(address oldAdmin, address newAdmin)', {
    ...{ standard: 'Compound', kind: 'admin', what: (name, to) => `Admin of ${name} changed to ${to}` },
  }),
  successor('event NewPendingAdmin(address oldPendingAdmin, address newPendingAdmin)', {
    ...{ standard: 'Compound', kind: 'admin', what: (name, to) => `${name} was offered to ${to} as its admin` },
  }),
  successor('event NewImplementation(address oldImplementation, address newImplementation)', {
    ...{ standard: 'Compound', kind: 'upgrade', what: (name, to) => `${name} runs the code of ${to} from now on` },
  }),
  privilegedEvent<[Address, bigint]>('event MinterConfigured(address indexed minter, uint256 minterAllowedAmount)', {
    standard: 'FiatToken',
    kind: 'role',
    tell: ([account, allowed], { name, show }) => ({
      title: `${show(account)} may make ${name} from now on`,
      facts: { account, allowed: allowed.toString() },
    }),
  }),
]
