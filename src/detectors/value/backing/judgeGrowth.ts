import { toEventSelector } from 'viem/utils'
import { z } from 'zod'
import { tokenMovements } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { decimalShape, remembered } from '../../remembered.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { tokenBalance } from '../../tokens/balances.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import { type Ask, numberAt, type Rows } from './book.ts'
import { reservesOf } from './pair.ts'

/** Of one token: what the pair held after it was last looked at, and how much of that it had without a transfer. */
const side = z.object({ held: decimalShape, grown: decimalShape })
const recall = remembered(z.array(side))
const key = (target: Address) => `grown ${target}`

const percent = { high: 1, critical: 10 }

/** Words of its events that say what came into or went out of the reserve of each token. */
const told: Readonly<Record<Hex, { into: readonly number[]; out: readonly number[] }>> = {
  [toEventSelector('Swap(address,uint256,uint256,uint256,uint256,address)')]: { into: [0, 1], out: [2, 3] },
  [toEventSelector('Mint(address,uint256,uint256)')]: { into: [0, 1], out: [] },
  [toEventSelector('Burn(address,uint256,uint256,address)')]: { into: [], out: [0, 1] },
}

type Judging = { observation: Observation; memory: Memory; ask: Ask; show(address: Address): string }

/**
 * A token that makes balances grow by itself gives a pair what belongs to those who provide its liquidity. Speaks where it is
 * taken out or counted as somebody's payment before the reserves know of it.
 */
export function judgeGrowth(
  target: Contract,
  [tokens]: Rows,
  { observation, memory, ask, show }: Judging,
): { claims: Claim[]; memory: Record<string, Json> } {
  const { address, name } = target
  const [before, after] = (['parent', 'block'] as const).map((at) => reservesOf(address, at, ask))
  if (tokens?.length !== 2 || !before || !after) return { claims: [], memory: {} }
  const known = recall(memory, key(address))
  const moved = tokenMovements(observation.logs)
  const sides = tokens.map((token, place) => {
    const [was, is] = (['parent', 'block'] as const).map((at) => numberAt(ask(tokenBalance(token, address, at))))
    if (was == null || is == null) return null
    const sum = (end: 'from' | 'to') =>
      moved.reduce((all, each) => (each.asset === token && each[end] === address ? all + each.amount : all), 0n)
    const old = known?.[place]
    const unseen = old ? positive(was - BigInt(old.held)) : 0n
    const grown = BigInt(old?.grown ?? 0) + unseen + positive(is - was - sum('to') + sum('from'))
    const credited = positive(after[place]! - before[place]! - toldOf(address, observation.logs, place))
    const left = lesser(grown, positive(is - after[place]!))
    return { token, held: is, left, gone: positive(grown - left - credited), reserve: before[place]! }
  })
  if (sides.some((each) => each === null)) return { claims: [], memory: {} }
  const next = sides.flatMap((each) => (each ? [{ held: String(each.held), grown: String(each.left) }] : []))
  const only = transactionsTouching(observation, address)
  const claims = sides.flatMap((each): Claim[] => {
    if (!each || each.reserve === 0n || !isPercentOf(each.gone, percent.high, each.reserve)) return []
    const share = showPercent(each.gone, each.reserve)
    return [
      {
        key: `growth ${address} ${each.token} ${observation.block.number}`,
        ...(only.length === 1 ? { transactionHash: only[0]!.hash } : { subject: `backing of ${address}` }),
        address,
        title: `What the ${show(each.token)} of ${name} grew by itself, ${share} of its reserve, was taken by somebody who provided none of it`,
        facts: { token: each.token, taken: String(each.gone), reserveBefore: String(each.reserve) },
        evidence: 'hard',
        severity: isPercentOf(each.gone, percent.critical, each.reserve) ? 'critical' : 'high',
      },
    ]
  })
  return { claims, memory: JSON.stringify(known) === JSON.stringify(next) ? {} : { [key(address)]: next } }
}

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n)
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** What its own events say that a reserve has more. */
function toldOf(pair: Address, logs: readonly Log[], place: number): bigint {
  return logs.reduce((sum, { address, topics, data }) => {
    const places = address === pair ? told[topics[0]!] : undefined
    const wordAt = (list: readonly number[]) => (list.length > 0 ? (numberAt(data, list[place]) ?? 0n) : 0n)
    return places ? sum + wordAt(places.into) - wordAt(places.out) : sum
  }, 0n)
}
