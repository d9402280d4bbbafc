import { toEventSelector } from 'viem/utils'
import type { Address, Hex, Log } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { BlockObservation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { Undecidable } from '../../rules/frame.ts'
import type { Occurrence } from '../../rules/listOccurrences.ts'

/** With which a proxy tells that it runs other code from here on; whether it indexes the address differs. */
export const upgradedTopic = toEventSelector('event Upgraded(address implementation)')

export function implementationReads({ address }: Contract): Read[] {
  return (['parent', 'block'] as const).map((at) => ({ at, kind: 'implementation', of: address }))
}

/** Whether the proxy was told to run other code in a block. */
export function upgradesOf({ address }: Contract, logs: readonly Log[]): Log[] {
  return logs.filter((log) => log.address === address && log.topics[0] === upgradedTopic)
}

/** Which implementation stood behind a proxy at each moment of one block. Zero: none. */
export type Succession = {
  /** When something happened; a call is judged by what stood there when its transaction began. */
  at(occurrence: Occurrence): Address | Undecidable
  after: Address | Undecidable
}

/** What stood there before the block, and what the proxy itself told since; the state after the block must agree. */
export function successionIn(proxy: Contract, observation: BlockObservation): Succession {
  const [before, after] = implementationReads(proxy).map((read) => addressRead(proxy, read, observation)) as [
    Address | Undecidable,
    Address | Undecidable,
  ]
  const upgrades = upgradesOf(proxy, observation.logs)
  const told = upgrades.map(({ topics: [, topic], data }) => addressIn(topic ?? data))
  const last = told.at(-1) ?? before
  const unclear = after instanceof Undecidable ? after : disagreement(proxy, last, after)
  return {
    at(occurrence) {
      const place = placeOf(occurrence, observation)
      const passed = upgrades.findLastIndex((log) => isBefore(log, place))
      return unclear ?? told[passed] ?? before
    },
    after,
  }
}

function disagreement({ name }: Contract, told: Address | Undecidable, after: Address): Undecidable | null {
  if (told instanceof Undecidable || told === after) return null
  return new Undecidable(`the implementation of ${name} changed from ${told} to ${after} without a word of when`)
}

type Place = { transactionIndex: number; position: number }

function placeOf({ log, transactionHash }: Occurrence, { block }: BlockObservation): Place {
  return log ?? { transactionIndex: block.transactions.findIndex(({ hash }) => hash === transactionHash), position: 0 }
}

function isBefore(log: Log, place: Place): boolean {
  return log.transactionIndex === place.transactionIndex
    ? log.position < place.position
    : log.transactionIndex < place.transactionIndex
}

function addressRead({ name }: Contract, read: Read, { state }: BlockObservation): Address | Undecidable {
  const result = state(read)
  if (result.ok) return addressIn(result.data)
  return new Undecidable(`the implementation of ${name} could not be read: ${result.reason}`)
}

const addressIn = (word: Hex): Address => `0x${word.slice(26, 66).padStart(40, '0')}`
