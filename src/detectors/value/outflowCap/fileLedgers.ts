import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { remembered } from '../../remembered.ts'
import { groupOf } from './claimOutflow.ts'
import { stillOpen } from './crossings.ts'
import { emptyLedger, type Ledger, rememberedLedger, withoutFlows } from './ledger.ts'
import { type Cap, longestSeconds, type WindowName } from './options.ts'

/** Tokens that the config does not name: so many are remembered for one account. */
const strangersMax = 64

const rememberedKeys = remembered(z.array(z.string()))
const prefix = 'ledger '
/** Where the ledger of a flow is kept in the memory. */
export const ledgerKey = (flowKey: string): string => `${prefix}${flowKey}`

/** What is kept of a row that was learnt: a sum that was reached before anybody watched is history, and opens no episode. */
export function habitsIn(key: string, row: Json): Json | null {
  if (key.startsWith(prefix)) return withoutFlows(row as Ledger)
  return key === 'open' ? null : row
}

type Filing = {
  memory: Memory
  caps: readonly Cap[]
  net: boolean
  trusted: ReadonlySet<Address | 'native'>
  block: { number: number; timestamp: number }
  /** Ledgers that this block changed, by the key of their flow. */
  ledgers: ReadonlyMap<string, Ledger>
  /** Keys of flows whose token the config does not name. */
  strangers: readonly string[]
  blind: Set<string>
}

/** What `Detection` must hold of the ledgers: changed memory, and alerts that are over. */
export function fileLedgers(filing: Filing): { memory: Record<string, Json>; cleared: string[] } {
  const wasOpen = rememberedKeys(filing.memory, 'open') ?? []
  const closed = closeEpisodes(filing, wasOpen)
  const changed = new Map([...filing.ledgers, ...closed])
  const isOpen = [...new Set([...wasOpen, ...changed.keys()])].filter((key) => {
    const ledger = changed.get(key)
    return ledger ? hasOpen(ledger) : wasOpen.includes(key)
  })
  const admitted = admitStrangers(filing)
  const forgotten = admitted?.forgotten ?? []
  const open = isOpen.filter((key) => !forgotten.includes(key))
  return {
    memory: {
      ...Object.fromEntries([...changed].map(([key, ledger]) => [ledgerKey(key), ledger])),
      ...(admitted && { strangers: admitted.strangers }),
      ...Object.fromEntries(forgotten.map((key) => [ledgerKey(key), null])),
      ...(open.join() !== wasOpen.join() && { open }),
    },
    // What was only forgotten is not over.
    cleared: clearedBy(wasOpen, isOpen),
  }
}

function clearedBy(wasOpen: readonly string[], isOpen: readonly string[]): string[] {
  const still = new Set(isOpen.map(groupOf))
  const over = wasOpen.filter((key) => !isOpen.includes(key)).map(groupOf)
  return [...new Set(over)].filter((group) => !still.has(group))
}

const hasOpen = ({ episodes }: Ledger) => Object.values(episodes).some(({ limit }) => limit !== null)

/** Ends the episodes of ledgers in which nothing moved in this block, where time alone took their sum down. */
function closeEpisodes({ memory, net, block, ledgers }: Filing, wasOpen: readonly string[]): Map<string, Ledger> {
  const closed = new Map<string, Ledger>()
  for (const key of wasOpen) {
    const ledger = ledgers.has(key) ? undefined : rememberedLedger(memory, ledgerKey(key))
    if (!ledger) continue
    const over = Object.entries(ledger.episodes).filter(
      ([window, { limit }]) => limit !== null && !stillOpen({ ledger, net, block }, window as WindowName),
    )
    if (over.length === 0) continue
    const ended = Object.fromEntries(over.map(([window, episode]) => [window, { ...episode, limit: null }]))
    closed.set(key, { ...ledger, episodes: { ...ledger.episodes, ...ended } })
  }
  return closed
}

/** Anybody can bring a new kind of item, also of a collection that the config names. */
const isKind = (key: string): boolean => key.split(' ').length > 2

/** Makes room for new tokens of strangers at the cost of those that have not moved for longest and of which no alert is open. */
function admitStrangers({ memory, caps, trusted, block, ledgers, strangers, blind }: Filing) {
  const stored = rememberedKeys(memory, 'strangers') ?? []
  const known = stored.filter((key) => isKind(key) || !trusted.has(key.split(' ')[1] as Address))
  const fresh = strangers.filter((key) => ledgers.has(key) && !known.includes(key))
  if (fresh.length === 0) return null
  const ledgerOf = (key: string) => ledgers.get(key) ?? rememberedLedger(memory, ledgerKey(key)) ?? emptyLedger
  const rank = (key: string) => (hasOpen(ledgerOf(key)) ? Number.POSITIVE_INFINITY : ledgerOf(key).time)
  const forgotten: string[] = []
  for (const [account, keys] of Map.groupBy([...known, ...fresh], (key) => key.split(' ')[0]!)) {
    const left = keys.toSorted((a, b) => (rank(b) > rank(a) ? 1 : -1)).slice(strangersMax)
    forgotten.push(...left)
    if (left.some((key) => rank(key) > block.timestamp - longestSeconds(caps))) {
      blind.add(
        `More than ${strangersMax} tokens that the config does not name left ${account}: what left of the others is not added up.`,
      )
    }
  }
  return { strangers: [...known, ...fresh].filter((key) => !forgotten.includes(key)), forgotten }
}
