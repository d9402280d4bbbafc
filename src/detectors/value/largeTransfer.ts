import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import { addressShower } from '../showAddress.ts'
import { tokenBook } from '../tokens/tokenBook.ts'
import { judgeNative } from './largeTransfer/judgeNative.ts'
import { judgeToken, readsOfToken } from './largeTransfer/judgeToken.ts'
import { limitsOf } from './largeTransfer/measuredOf.ts'
import { type LargeTransferOptions, largeTransferOptions } from './largeTransfer/options.ts'
import { planTransfers } from './largeTransfer/planTransfers.ts'

/**
 * Speaks of single transfers; limits that are given together must all be reached. Native value is judged by the
 * balance of the account before and after each block, so that internal transfers count.
 */
export const largeTransfer = defineDetector<LargeTransferOptions>({
  id: 'large-transfer',
  title: 'Large transfer',
  scenario:
    'Whoever stole the key of a treasury, or found a hole in a vault, moves most of what it holds in one transfer, long before anybody looks at the balance.',
  signal:
    'One transfer out of the account (or as `direction` says; of a watched token all of its transfers) that reaches each limit that is given of `amount`, `units` and `percent` of what was held before, or of the supply, pages. Coins are told from the balance before and after the block, so that what moves inside a transaction counts.',
  response:
    'Ask the people who may move this money, on a second channel, whether they did. Nobody knows of it: pause what can be paused, and tell exchanges and the issuer of the token the address that received it.',
  knownLimits: [
    'Many transfers that are each below the limit are not seen; for their sum there is `outflow-cap`.',
    'It asks nobody whether the transfer was meant, so that a planned one pages, too.',
    'Of coins it knows the net of a block, so that what came in at the same time hides what left.',
    'Of a token that the config does not name it believes only what the balance bears out.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: largeTransferOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const plan = planTransfers(assignment)
    const show = addressShower(assignment.names)
    return {
      // Coins are found by balances, of which it keeps count; what it keeps of tokens only spares it questions.
      ...(plan.native.length === 0 && { stateless: true as const }),
      limits: limitsOf(assignment.options),
      interests: plan.interests,
      reads: (observation, memory) => readsOfToken(plan, observation.logs, tokenBook(memory)),
      detect(observation, memory) {
        const book = tokenBook(memory)
        const claims: Claim[] = []
        const blind = new Set<string>()
        const remember = {}
        // What nobody can make up comes first: where there is a flood, people are told of the first.
        judgeNative({ plan, observation, memory, show, claims, blind, remember })
        judgeToken({ plan, observation, book, show, claims, blind })
        return { claims, blind: [...blind], memory: { ...remember, ...book.changes() } }
      },
    }
  },
})
