import { topicOf } from '../../evm/ledger/tokenTransfers.ts'
import { nativeSymbol } from '../../evm/nativeSymbol.ts'
import { sampleSize } from '../../lib/peaksOverThreshold.ts'
import type { Address } from '../../model/chain.ts'
import { type Assignment, type Detection, defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { type PriceBook, priceBook, type Worth } from '../prices/priceBook.ts'
import { addressShower } from '../showAddress.ts'
import { nativeDecimals, type TokenLabel, tokenBook } from '../tokens/tokenBook.ts'
import { resolveToken } from '../tokens/tokenOption.ts'
import { flowInterests } from './holderInterests.ts'
import { sumOf } from './outflowCap/leg.ts'
import { judgeSeries } from './unusualOutflow/judgeSeries.ts'
import { flowsOf, heldReads, movementsOf, type Plan } from './unusualOutflow/movements.ts'
import { type UnusualOutflowOptions, unusualOutflowOptions } from './unusualOutflow/options.ts'
import type { Series } from './unusualOutflow/series.ts'

/**
 * Learns which part of its holdings usually leaves an account within an hour, by hour of the week, and speaks where more
 * has left than chance explains, or where hour after hour takes a little more than usual. Silent for the first month.
 */
export const unusualOutflow = defineDetector<UnusualOutflowOptions>({
  id: 'unusual-outflow',
  title: 'More leaves than is usual for this account at this hour',
  scenario:
    'A thief who knows the caps takes a little less than they allow, or a little every hour. For this account, at this hour of the week, even that is far from what its users do.',
  signal:
    'The share of holdings that leaves within an hour of the clock is compared with what is usual at this hour of the day or week, by the tail of a fitted distribution. It pages in the block in which the hour passes what is to be expected once in `onceIn` hours and `percent`, or `cap` in any case; `medium` from half of `percent`, below `leastUsd`, and for hours that each ran above the usual and together took `bleed`.',
  response:
    'Look at who was paid in this hour. If these are no users whom you know, pause withdrawals; if a large user has left, ask why.',
  knownLimits: [
    'It is silent until it has seen a month of hours with outflow of that asset; until then `outflow-cap` watches.',
    'A drain of less than `percent` in an hour is seen, if at all, as a slow bleed at `medium`.',
    'An account that rarely pays learns slowly, and one that pays all at once now and then has wide limits.',
    'A large user who leaves pages.',
    'Only tokens that the config names, and native coins, are followed.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: unusualOutflowOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const { options, targets, names, chain } = assignment
    const plan = planOf(assignment)
    const prices = priceBook(assignment)
    const show = addressShower(names)
    return {
      limits: { percent: options.percent },
      learns: true,
      interests: flowInterests(
        targets.map(({ address }) => address),
        { only: plan.only, known: new Set([...names.values(), ...targets]) },
      ),
      notes: [
        `It learns from ${sampleSize} hours with outflow of each asset, a month of a busy account, before it speaks; until then a monitor that uses outflow-cap is what watches.`,
      ],

      reads(observation, memory) {
        const book = tokenBook(memory)
        // Whether coins left is known only by what is read along with their price.
        const coins = plan.native.length > 0 ? prices.reads('native') : []
        const tokens = flowsOf(observation, plan).flows.flatMap((flow) => {
          const held = heldReads(flow, memory, observation.block.timestamp)
          if (held.length > 0) return [...held, ...book.reads(flow.token as Address), ...prices.reads(flow.token)]
          return sumOf(flow.legs, 'out') > 0n ? prices.reads(flow.token) : []
        })
        return [...coins, ...tokens]
      },

      detect(observation, memory) {
        const book = tokenBook(memory)
        const claims: Claim[] = []
        const grown: NonNullable<Detection['grown']> = []
        const remember: Record<string, Json> = {}
        const { moved, blind } = movementsOf(observation, plan, memory)
        const weigh = weigherOf(prices, observation, { leastUsd: options.leastUsd, blind })
        const { timestamp } = observation.block
        for (const each of moved) {
          const { token } = each.series
          // A token that is not known yet was asked for its name where its balance was.
          const label =
            token === 'native'
              ? { symbol: nativeSymbol(chain.id), decimals: nativeDecimals }
              : (book.known(token) ?? (each.held === null ? null : book.look(token, observation)))
          const worthOf = (amount: bigint) => weigh(each.series, amount)
          const judged = judgeSeries({
            ...each,
            memory,
            timestamp,
            options,
            worthOf,
            show,
            label: label ?? unknownToken,
          })
          claims.push(...judged.claims)
          grown.push(...judged.grown)
          Object.assign(remember, judged.memory)
        }
        return { claims, grown, blind, memory: { ...remember, ...book.changes() } }
      },
    }
  },
})

/** What has no price is judged all the same; that it could not be weighed is said where its weight matters. */
function weigherOf(
  prices: PriceBook,
  observation: Observation,
  { leastUsd, blind }: { leastUsd: number | undefined; blind: string[] },
): (series: Series, amount: bigint) => Worth {
  return ({ account, token }, amount) => {
    const worth = prices.worth(token, amount, observation)
    if ('unpriced' in worth && leastUsd !== undefined && prices.isPriced(token)) {
      blind.push(`What left ${account.name} could not be counted in dollars: ${worth.unpriced}`)
    }
    return worth
  }
}

const unknownToken: TokenLabel = { symbol: null, decimals: null }

function planOf(assignment: Assignment<UnusualOutflowOptions>): Plan {
  const { options, targets, names } = assignment
  const only = resolveToken(options.token, assignment)
  const trusted = new Set<Address | 'native'>([...names.values(), ...targets].map(({ address }) => address))
  return {
    only,
    accounts: new Map(targets.map((target) => [topicOf(target.address), target])),
    native: only === undefined || only === 'native' ? targets : [],
    trusted: only === undefined ? trusted : trusted.add(only),
  }
}
