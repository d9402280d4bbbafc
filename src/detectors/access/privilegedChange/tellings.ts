import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Hex, Log } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'
import { severities } from '../../../model/severity.ts'
import type { Kind, PrivilegedEvent, Telling, Words } from '../privilegedEvent.ts'

export type Told = { event: PrivilegedEvent; log: Log; telling: Telling }

/** Of one contract in one block; more are named as not judged. */
const toldMax = 64

/**
 * What the events of one contract tell. `unread`: why some of them could not be understood. Where there are too many, the
 * gravest are kept: who wants to hide one cannot do so behind cheap ones.
 */
export function tellingsOf(
  { events, ignore }: { events: ReadonlyMap<Hex, PrivilegedEvent>; ignore: readonly Kind[] },
  logs: readonly Log[],
  words: Words,
): { told: Told[]; unread: string[] } {
  const all: Told[] = []
  const unread = new Set<string>()
  for (const log of logs) {
    const event = log.address === words.self && log.topics[0] ? events.get(log.topics[0]) : undefined
    if (!event) continue
    try {
      all.push({ event, log, telling: event.tell(log, words) })
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      unread.add(`A log of ${event.standard} from ${words.name} could not be read: ${error.message}`)
    }
  }
  const told = gravest(all, ignore)
  if (told.length < all.length) {
    unread.add(`${words.name} told of more than ${toldMax} privileged changes in one block: the others are not judged.`)
  }
  return { told, unread: [...unread] }
}

/** In the order of the block. */
function gravest(told: readonly Told[], ignore: readonly Kind[]): Told[] {
  const rank = ({ event, telling: { severity = 'high' } }: Told) =>
    ignore.includes(event.kind) ? -1 : severities.indexOf(severity)
  const kept = new Set(told.toSorted((a, b) => rank(b) - rank(a)).slice(0, toldMax))
  return told.filter((each) => kept.has(each))
}

/** The questions whose answers prove what was told. */
export const proofsOf = (told: readonly Told[]): Read[] =>
  told.flatMap(({ telling }) => (telling.proof ? [telling.proof.read] : []))
