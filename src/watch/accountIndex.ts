import { bloomBits, type MayLog } from '../evm/bloom.ts'
import type { Address, Hex, Log } from '../model/chain.ts'
import type { Interest } from '../model/detector.ts'
import type { Monitor } from '../model/monitor.ts'

type LogInterest = Extract<Interest, { kind: 'log' }>

/** Finds the monitors that ask for logs about an account: those with its address in topic 1, 2 or 3. */
export type AccountIndex = {
  /** Nobody asks for any. */
  isEmpty: boolean
  /** @param mayLog Whether the bloom of a block allows for an address or topic. */
  mayMatch(mayLog: MayLog): boolean
  monitorsOf(log: Log): Iterable<Monitor>
}

/** Who asks for logs about an account with one topic 0; `addresses` null: of any emitter. */
type Entry = { monitor: Monitor; addresses: ReadonlySet<Address> | null }

const any = ''

export function createAccountIndex(monitors: readonly Monitor[]): AccountIndex {
  const table = new Map<Hex, Map<string, Entry[]>>()
  const blooms: ((mayLog: MayLog) => boolean)[] = []
  for (const monitor of monitors) {
    for (const interest of monitor.watch.interests) {
      if (interest.kind !== 'log' || !interest.accounts) continue
      enter(table, monitor, interest, interest.accounts)
      blooms.push(bloomOf(interest, interest.accounts))
    }
  }
  return {
    isEmpty: table.size === 0,
    mayMatch: (mayLog) => blooms.some((may) => may(mayLog)),
    *monitorsOf({ address, topics }) {
      for (const topic of topics.slice(1)) {
        const row = table.get(topic)
        if (!row) continue
        for (const entries of [row.get(topics[0]!), row.get(any)])
          for (const { monitor, addresses } of entries ?? []) {
            if (addresses === null || addresses.has(address)) yield monitor
          }
      }
    },
  }
}

/** An address as a topic holds it. */
const topicOf = (account: Address): Hex => `0x${'0'.repeat(24)}${account.slice(2)}`

function enter(
  table: Map<Hex, Map<string, Entry[]>>,
  monitor: Monitor,
  { addresses, topics }: LogInterest,
  accounts: readonly Address[],
): void {
  const entry = { monitor, addresses: addresses ? new Set(addresses) : null }
  for (const account of accounts) {
    const row = table.get(topicOf(account)) ?? new Map<string, Entry[]>()
    table.set(topicOf(account), row)
    for (const topic of topics ?? [any]) row.set(topic, [...(row.get(topic) ?? []), entry])
  }
}

function bloomOf({ addresses, topics }: LogInterest, accounts: readonly Address[]): (mayLog: MayLog) => boolean {
  const parts = [topics, addresses, accounts.map(topicOf)].flatMap((part) => (part ? [part.map(bloomBits)] : []))
  return (mayLog) => parts.every((part) => part.some(mayLog))
}
