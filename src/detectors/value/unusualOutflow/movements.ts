import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { readAmount, tokenBalance } from '../../tokens/balances.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import { nativeFlow } from '../nativeFlow.ts'
import { type Flow, tokenFlows } from '../outflowCap/blockFlows.ts'
import { sumOf } from '../outflowCap/leg.ts'
import { hourKey, hourOf, type Movement, rememberedHour, type Series } from './series.ts'

export type Plan = {
  only: Address | 'native' | undefined
  /** By their address as a topic. */
  accounts: ReadonlyMap<Hex, Contract>
  native: readonly Contract[]
  /** Tokens that the config names: others could fill the memory, and say of themselves what they like. */
  trusted: ReadonlySet<Address | 'native'>
}

/** `held`: what was held before the block; null: not asked, since the hour is under way, or it could not be read. */
export type Moved = { series: Series; movement: Movement; held: bigint | null }

/** Flows of fungible tokens that the config names. */
export function flowsOf({ logs }: Pick<Observation, 'logs'>, plan: Plan): { flows: Flow[]; unread: string[] } {
  const { flows, unread } = tokenFlows({ logs: logs.filter(({ address }) => plan.trusted.has(address)) }, plan)
  return { flows: flows.filter(({ standard }) => standard === 'erc20'), unread }
}

/** What is held, of each token that moves first in an hour. */
export function heldReads(flow: Flow, memory: Memory, timestamp: number): Read[] {
  const { token, account } = flow
  if (token === 'native' || !opensHour(memory, flow, timestamp)) return []
  return [tokenBalance(token, account.address, 'parent')]
}

const opensHour = (memory: Memory, series: Series, timestamp: number): boolean =>
  rememberedHour(memory, hourKey(series))?.hour !== hourOf(timestamp)

export function movementsOf(observation: Observation, plan: Plan, memory: Memory): { moved: Moved[]; blind: string[] } {
  const { flows, unread } = flowsOf(observation, plan)
  const blind = [...unread]
  const moved = plan.native.flatMap((account): Moved[] => {
    const flow = nativeFlow(observation, account.address)
    if ('blind' in flow) {
      blind.push(`The native balance of ${account.name} could not be read: ${flow.blind}`)
      return []
    }
    if (flow.out === 0n && flow.in === 0n) return []
    const suspects = transactionsTouching(observation, account.address)
    const transactionHash = suspects.length === 1 ? suspects[0]!.hash : null
    return [
      {
        series: { account, token: 'native' },
        movement: { out: flow.out, in: flow.in, transactionHash },
        held: flow.before,
      },
    ]
  })
  for (const flow of flows) {
    const { account, token, legs } = flow
    const [read] = heldReads(flow, memory, observation.block.timestamp)
    const held = read ? readAmount(observation, read) : null
    if (held?.amount === null) {
      const why = held.blind ?? 'the token does not say'
      blind.push(`What ${account.name} holds of ${token} could not be read: ${why}`)
    }
    const transactionHash = legs.findLast(({ way }) => way === 'out')?.transactionHash ?? null
    moved.push({
      series: { account, token },
      movement: { out: sumOf(legs, 'out'), in: sumOf(legs, 'in'), transactionHash },
      held: held?.amount ?? null,
    })
  }
  return { moved, blind }
}
