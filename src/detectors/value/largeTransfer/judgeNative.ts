import { z } from 'zod'
import { nativeSymbol } from '../../../evm/nativeSymbol.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { remembered } from '../../remembered.ts'
import { isPercentOf, showAmount, showPercent, unitsOf } from '../../tokens/amounts.ts'
import { nativeDecimals } from '../../tokens/tokenBook.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import { nativeFlow } from '../nativeFlow.ts'
import { measuredOf } from './measuredOf.ts'
import type { TransferPlan } from './planTransfers.ts'

const rememberedEpisode = remembered(z.number())

type Moved = { target: Contract; way: 'out' | 'in'; amount: bigint; before: bigint; after: bigint }

export function judgeNative({
  plan,
  observation,
  memory,
  show,
  claims,
  blind,
  remember,
}: {
  plan: TransferPlan
  observation: Observation
  memory: Memory
  show(address: Address): string
  claims: Claim[]
  blind: Set<string>
  remember: Record<string, Json>
}): void {
  const { options } = plan
  for (const target of plan.native) {
    const flow = nativeFlow(observation, target.address)
    if ('blind' in flow) {
      blind.add(`The native balance of ${target.name} could not be read: ${flow.blind}`)
      continue
    }
    for (const way of ['out', 'in'] as const) {
      if (options.direction !== way && options.direction !== 'both') continue
      const moved = { target, way, amount: flow[way], before: flow.before, after: flow.after }
      if (!isLarge(plan, moved)) continue
      const episodeKey = `native ${way} ${target.address}`
      const episode = (rememberedEpisode(memory, episodeKey) ?? 0) + 1
      remember[episodeKey] = episode
      claims.push(claim({ ...moved, plan, observation, show, episode }))
    }
  }
}

function isLarge({ options }: TransferPlan, { amount, before }: Moved): boolean {
  if (amount === 0n || (options.units !== undefined && amount < BigInt(options.units))) return false
  if (options.amount !== undefined && amount < unitsOf(options.amount, nativeDecimals)) return false
  return options.percent === undefined || (before > 0n && isPercentOf(amount, options.percent, before))
}

function claim({
  target,
  way,
  amount,
  before,
  after,
  plan,
  observation,
  show,
  episode,
}: Moved & {
  plan: TransferPlan
  observation: Observation
  show(address: Address): string
  episode: number
}): Claim {
  const suspects = transactionsTouching(observation, target.address)
  const only = suspects.length === 1 ? suspects[0] : undefined
  const other = way === 'out' ? only?.to : only?.from
  // A transaction to the account itself does not say where the account sent its value.
  const isDirect = only && (way === 'out' ? only.from : only.to) === target.address && only.value >= amount
  const side = isDirect && other ? ` ${way === 'out' ? 'to' : 'from'} ${show(other)}` : ''
  const symbol = nativeSymbol(plan.chainId)
  const shown = showAmount(amount, nativeDecimals)
  const measured = measuredOf(plan.options, { amount, decimals: nativeDecimals, held: before })
  return {
    key: only ? `native ${way} ${target.address}` : `native ${way} ${episode}`,
    ...(only ? { transactionHash: only.hash } : { subject: `native balance of ${target.address}` }),
    address: target.address,
    title: `${shown} ${symbol} ${way === 'out' ? 'left' : 'reached'} ${target.name}${side}`,
    facts: {
      token: 'native',
      symbol,
      decimals: nativeDecimals,
      amount: amount.toString(),
      amountShown: shown,
      direction: way,
      heldBefore: before.toString(),
      heldAfter: after.toString(),
      share: showPercent(amount, before),
      ...(isDirect && other && { [way === 'out' ? 'to' : 'from']: other }),
      ...(only && { sender: only.from }),
      transactions: suspects.slice(0, 8).map(({ hash }) => hash),
    },
    evidence: 'hard',
    confidence: 'high',
    ...(measured && { measured }),
  }
}
