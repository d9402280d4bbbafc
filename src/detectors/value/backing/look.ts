import { z } from 'zod'
import type { Address, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { Adapter, Ask, At, Book, Rows } from './book.ts'
import { comet } from './comet.ts'
import { erc4626 } from './erc4626.ts'
import { lending } from './lending.ts'
import { pair } from './pair.ts'
import { rates } from './rate.ts'
import { wrapper } from './wrapper.ts'

const adapters: readonly Adapter[] = [erc4626, lending, comet, pair, wrapper, ...rates]

/** What a target has answered to: addresses by adapter, and the block in which it was asked. */
const kindsShape = z.object({ block: z.number(), rows: z.record(z.string(), z.array(z.array(hexShape))) })
type Kinds = z.output<typeof kindsShape>
const rememberedKinds = remembered(kindsShape)

/** A day on mainnet: a proxy may have become another kind of contract since. */
const askAgainBlocks = 7_200
/** Of a contract with more rows, a block that touches it makes us ask only those of whose tokens it tells. */
const fewRows = 4

const kindsKey = (target: Address) => `kinds ${target}`

/** One target in one block: what is asked of it, and when. */
export type Look = {
  target: Contract
  /** Something happened to it, so that it is compared with the block before. */
  touched: boolean
  ats: readonly At[]
  known: Kinds | undefined
  kinds: readonly { adapter: Adapter; rows: Rows }[]
}

/** Null: nothing is asked of it in this block. */
export function lookAt(target: Contract, observation: Omit<Observation, 'state'>, memory: Memory): Look | null {
  const touched = isTouched(target.address, observation)
  if (!touched && !observation.ticked) return null
  const known = rememberedKinds(memory, kindsKey(target.address))
  // What nobody has touched yet can wait to be asked what it is: most contracts owe nothing.
  const isStale = known ? observation.block.number - known.block >= askAgainBlocks : touched
  const mentioned = touched && !observation.ticked ? mentionedIn(observation) : null
  const kinds = adapters.flatMap((adapter) => {
    const rows = known?.rows[adapter.id]
    if (!rows) return isStale ? [{ adapter, rows: [] }] : []
    const asked = mentioned && rows.length > fewRows ? rows.filter((row) => row.some(mentioned)) : rows
    return asked.length > 0 ? [{ adapter, rows: asked }] : []
  })
  return { target, touched, ats: touched ? ['parent', 'block'] : ['block'], known, kinds }
}

export const readsOfLook = ({ target, ats, kinds }: Look): Read[] =>
  ats.flatMap((at) => kinds.flatMap(({ adapter, rows }) => adapter.reads(target.address, rows, at)))

/** The books of a target before and after the block, and what is to be remembered of it. */
export function readLook(
  { target, ats, known, kinds }: Look,
  block: { number: number },
  ask: Ask,
): { before: Book[]; after: Book[]; memory: Record<string, Json> } {
  const books: Record<At, Book[]> = { parent: [], block: [] }
  const rowsById: Record<string, Address[][]> = { ...known?.rows }
  for (const { adapter, rows } of kinds) {
    if (adapter.last && Object.keys(rowsById).some((id) => id !== adapter.id)) continue
    const learned = ats.map((at) => adapter.learn(target.address, rows, at, ask)).find((each) => each !== null)
    if (!learned) continue
    const isPart = rows.length < (known?.rows[adapter.id]?.length ?? 0)
    if (!isPart) rowsById[adapter.id] = learned.map((row) => [...row])
    // What was learned just now could not be asked yet.
    for (const at of ats) books[at].push(...adapter.books(target.address, rows, at, ask))
  }
  const isNew = kinds.length > 0 && (!known || JSON.stringify(known.rows) !== JSON.stringify(rowsById))
  const isAsked = isNew || (known !== undefined && block.number - known.block >= askAgainBlocks)
  const memory = isAsked ? { [kindsKey(target.address)]: { block: block.number, rows: rowsById } } : {}
  return { before: books.parent, after: books.block, memory }
}

function isTouched(address: Address, { logs, outcomes }: Omit<Observation, 'state'>): boolean {
  const topic = `0x${'0'.repeat(24)}${address.slice(2)}`
  const names = (log: Log) => log.address === address || log.topics.some((each) => each === topic)
  return logs.some(names) || outcomes.some(({ transaction: { from, to } }) => from === address || to === address)
}

/** Whether some log of the block comes from an address or names it. */
function mentionedIn({ block }: Omit<Observation, 'state'>): (address: Address) => boolean {
  const places = new Set<string>()
  for (const { logs } of block.receipts ?? []) {
    for (const { address, topics } of logs) for (const place of [address, ...topics]) places.add(place)
  }
  return (address) => places.has(address) || places.has(`0x${'0'.repeat(24)}${address.slice(2)}`)
}
