import type { Address } from '../../../model/chain.ts'
import { crossingsIn } from '../outflowCap/crossings.ts'
import { emptyLedger, rememberedLedger, sumsBefore, withLegs } from '../outflowCap/ledger.ts'
import type { Leg } from '../outflowCap/leg.ts'
import type { Cap, WindowName } from '../outflowCap/options.ts'
import { claimUnborne } from './claims.ts'
import type { Asset, Judged, Judging } from './judging.ts'
import type { AccountEntriesOptions, CapKind } from './options.ts'

/** What moved of one asset: what no entry bore, by the cap that it counts against, and all of it. */
export type Legs = Record<CapKind | 'moved', Leg[]>

const ledgerKey = (target: Address, asset: Asset, kind: CapKind) => `${kind} ${target} ${asset}`
const movedKey = (target: Address, asset: Asset) => `moved ${target} ${asset}`

/** What was added up before anybody watched is history. */
export const isSum = (key: string): boolean => /^(windows|unexplained|moved) /.test(key)

const capsOf = (windows: AccountEntriesOptions[CapKind]): Cap[] =>
  Object.entries(windows).map(([window, percent]) => ({ window: window as WindowName, percent }))

/** Adds up what no entry bears, in parts of all that was held when the window began, or is now: others may have left or come since. */
export function judgeCaps(legs: Legs, { asset, held }: { asset: Asset; held: bigint }, judging: Judging): Judged {
  const { observation, memory, options, target } = judging
  const { timestamp } = observation.block
  const key = movedKey(target.address, asset)
  const moved = rememberedLedger(memory, key) ?? emptyLedger
  const atStart = (window: WindowName) => {
    const sums = sumsBefore(moved, window, { time: timestamp, net: false })
    return sums.out > sums.in ? held + sums.out - sums.in : held
  }
  const judged = (['windows', 'unexplained'] as const).map((kind) =>
    judgeKind(legs[kind], { kind, asset, held, atStart }, judging),
  )
  const caps = [...capsOf(options.windows), ...capsOf(options.unexplained)]
  return {
    claims: judged.flatMap(({ claims }) => claims),
    memory: {
      ...Object.assign({}, ...judged.map((each) => each.memory)),
      ...(legs.moved.length > 0 && { [key]: withLegs(moved, caps, legs.moved, timestamp) }),
    },
  }
}

function judgeKind(
  legs: readonly Leg[],
  { kind, asset, held, atStart }: { kind: CapKind; asset: Asset; held: bigint; atStart(window: WindowName): bigint },
  judging: Judging,
): Judged {
  if (legs.length === 0) return { claims: [], memory: {} }
  const { observation, memory, target, trusted, options } = judging
  const { block } = observation
  const key = ledgerKey(target.address, asset, kind)
  const ledger = rememberedLedger(memory, key) ?? emptyLedger
  const caps = capsOf(options[kind])
  const { crossings, episodes } = crossingsIn({ ledger, caps, legs, net: false, decimals: 0, held, atStart, block })
  return {
    claims: crossings.map((crossing) => claimUnborne({ crossing, kind, asset, isSure: trusted.has(asset) }, judging)),
    memory: { [key]: { ...withLegs(ledger, caps, legs, block.timestamp), episodes } },
  }
}
