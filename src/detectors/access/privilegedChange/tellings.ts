import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Hex, Log } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'
import type { PrivilegedEvent, Telling, Words } from '../privilegedEvent.ts'

export type Told = { event: PrivilegedEvent; log: Log; telling: Telling }

/** Of one contract in one block; more are named as not judged. */
const toldMax = 64

/** What the events of one contract tell. `unread`: why some of them could not be understood. */
export function tellingsOf(
  events: ReadonlyMap<Hex, PrivilegedEvent>,
  logs: readonly Log[],
  words: Words,
): { told: Told[]; unread: string[] } {
  const told: Told[] = []
  const unread = new Set<string>()
  for (const log of logs) {
    const event = log.address === words.self && log.topics[0] ? events.get(log.topics[0]) : undefined
    if (!event) continue
    if (told.length === toldMax) {
      unread.add(
        `${words.name} told of more than ${toldMax} privileged changes in one block: the others are not judged.`,
      )
      break
    }
    try {
      told.push({ event, log, telling: event.tell(log, words) })
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      unread.add(`A log of ${event.standard} from ${words.name} could not be read: ${error.message}`)
    }
  }
  return { told, unread: [...unread] }
}

/** The questions whose answers prove what was told. */
export const proofsOf = (told: readonly Told[]): Read[] =>
  told.flatMap(({ telling }) => (telling.proof ? [telling.proof.read] : []))
