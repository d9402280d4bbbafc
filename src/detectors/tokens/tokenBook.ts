import { z } from 'zod'
import { strangersText } from '../../lib/strangersText.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Memory } from '../../model/detector.ts'
import type { Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { hexShape, remembered } from '../remembered.ts'
import { numberOf } from './balances.ts'

/** What a token says of itself: strangers' words. Null: it does not say, or nothing that makes sense. */
export type TokenLabel = { symbol: string | null; decimals: number | null }

/** Base units of the native coin are always wei. */
export const nativeDecimals = 18

const key = 'tokens'
const tokensMax = 64
const symbolMax = 16
/** No token of this world has more; a larger number is a token that wants to be shown as nothing. */
const decimalsMax = 36

type Row = [token: Address, symbol: string | null, decimals: number | null]
const rememberedRows = remembered(z.array(z.tuple([hexShape, z.string().nullable(), z.number().nullable()])))

const question = (token: Address, data: Hex): Read => ({ kind: 'call', at: 'block', to: token, data })
const symbolOf = (token: Address) => question(token, '0x95d89b41')
export const decimalsOf = (token: Address) => question(token, '0x313ce567')

/** Null: it does not say, or nothing that makes sense. */
export function decimalsIn(answer: ReadResult): number | null {
  const number = answer.ok ? numberOf(answer.data) : null
  return number !== null && number <= BigInt(decimalsMax) ? Number(number) : null
}

/** Symbols and decimals, read once for each token and remembered: the last 64 tokens under one key of the memory. */
export function tokenBook(memory: Memory) {
  const rows = rememberedRows(memory, key) ?? []
  const find = (token: Address) => rows.find(([address]) => address === token)
  const learned: Row[] = []

  return {
    /** What must be read to know this token: nothing if it is known. */
    reads: (token: Address): Read[] => (find(token) ? [] : [symbolOf(token), decimalsOf(token)]),
    /** From the memory only: before `reads` are answered. */
    known: (token: Address): TokenLabel | undefined => label(find(token)),
    /** Null: nobody could answer, which another block may change. */
    look(token: Address, observation: Observation): TokenLabel | null {
      const known = find(token) ?? learned.find(([address]) => address === token)
      if (known) return label(known)!
      const symbol = observation.state(symbolOf(token))
      const decimals = observation.state(decimalsOf(token))
      if (!decimals.ok && !decimals.reverted) return null
      const row: Row = [token, symbol.ok ? textOf(symbol.data) : null, decimalsIn(decimals)]
      learned.push(row)
      return label(row)!
    },
    /** What `Detection.memory` must hold. */
    changes: (): Record<string, Json> => (learned.length ? { [key]: [...rows, ...learned].slice(-tokensMax) } : {}),
  }
}

function label(row: Row | undefined): TokenLabel | undefined {
  return row && { symbol: row[1], decimals: row[2] }
}

/** A string, or the `bytes32` of the first tokens. Only the first bytes are looked at, however long the answer is. */
function textOf(data: Hex): string | null {
  const bytes = Buffer.from(data.slice(2, 2 + 2 * (64 + 4 * symbolMax)), 'hex')
  if (bytes.length < 32) return null
  const isString = bytes.length > 64 && bytes.readUInt32BE(28) === 32
  const length = isString ? Math.min(bytes.readUInt32BE(60), bytes.length - 64) : 32
  const content = isString ? bytes.subarray(64, 64 + length) : bytes.subarray(0, 32)
  return strangersText(content.toString('utf8').replace(/\0+$/, ''), symbolMax) || null
}
