import { isDeepStrictEqual } from 'node:util'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import { addressShower } from '../showAddress.ts'
import { claimRate, groupOf } from './transactionRate/claimRate.ts'
import { rememberedCounts, rememberedRecent, rememberedUsual } from './transactionRate/counts.ts'
import { rememberedEpisodes } from './transactionRate/episodes.ts'
import { judgeTarget, type Known, type Remembered } from './transactionRate/judgeTarget.ts'
import { bucketSeconds, type TransactionRateOptions, transactionRateOptions } from './transactionRate/options.ts'

/** How often episodes are looked at in which nothing happens any more. */
const closeEveryBlocks = 25

/**
 * Counts the transactions to a contract, by function and by sender, and its failed ones, and speaks once an episode of
 * counts that chance hardly explains: the tail of a Poisson distribution (negative binomial where the past varies more)
 * around what is usual at this hour of the week. Unusual counts are not learned.
 */
export const transactionRate = defineDetector<TransactionRateOptions>({
  id: 'transaction-rate',
  title: 'Far more calls, or failed calls, than usual',
  scenario:
    'An attacker tries variants of an exploit until one does not revert, a bot drains users one by one, or a broken front end makes everybody fail: each shows first as far more calls than usual.',
  signal:
    'Transactions to a contract are counted in buckets of `bucket` by what `by` says (contract, function, sender, failed) and compared with the usual at this hour of the day and week. One that chance would give less often than `probability`, and of at least `minimum`, is `medium`, once an episode; so is whatever reaches `limit` or `failed`.',
  response:
    'Look at the senders. One sender with many failures is probing: simulate its calls and be ready to pause. Many senders point at a broken page, a stuck oracle or a rush to leave.',
  knownLimits: [
    'Calls that contracts make inside transactions are not counted.',
    'An attack in one transaction is no rate; this shows those who try, and those who drain in many.',
    'It only learns for `warmup`, and takes an unusual rate that lasts for `acceptAfter` as the new usual one.',
    'A popular airdrop, a launch or a busy hour of the market speaks, too.',
  ],
  severity: 'medium',
  sign: { stage: 'exploitation', restsOn: 'frequency' },
  options: transactionRateOptions,
  when: 'none',
  needs: ['calldata', 'logs'],

  compile({ options, targets, names }) {
    const show = addressShower(names)
    const seconds = bucketSeconds[options.bucket]
    return {
      learns: true,
      interests: [
        { kind: 'call', addresses: targets.map(({ address }) => address) },
        { kind: 'tick', everyBlocks: closeEveryBlocks },
      ],

      detect(observation, memory) {
        const claims: Claim[] = []
        const cleared: string[] = []
        const remember: Record<string, Json> = {}
        for (const target of targets) {
          const before = recall(memory, target)
          const judged = judgeTarget({ target, observation, before, options, seconds })
          if (!judged) continue
          const { counts } = judged.after
          claims.push(...judged.begun.map((each) => claimRate({ ...each, counts, target, seconds, show })))
          if (before.episodes && before.episodes.open.length > 0 && judged.after.episodes.open.length === 0) {
            cleared.push(groupOf(target.address))
          }
          for (const [part, value] of Object.entries(judged.after)) {
            const known = before[part as keyof Remembered]
            if (!isDeepStrictEqual(known, value)) remember[`${part} ${target.address}`] = value
          }
        }
        const isBlind = observation.outcomes.some(({ receipt }) => receipt === null)
        const blind = isBlind ? ['Receipts were not fetched, so that failed transactions cannot be counted.'] : []
        return { claims, cleared, blind, memory: remember }
      },
    }
  },
})

function recall(memory: Memory, { address }: Contract): Known {
  return {
    counts: rememberedCounts(memory, `counts ${address}`),
    usual: rememberedUsual(memory, `usual ${address}`),
    recent: rememberedRecent(memory, `recent ${address}`),
    episodes: rememberedEpisodes(memory, `episodes ${address}`),
  }
}
