import { z } from 'zod'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import type { Address } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { allowList, allowListOption, allowListWords } from '../allowList.ts'
import { hexShape, remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { believedIn, lossesOf, readsOfLosses } from './losses.ts'
import { claimReentry } from './reentrancy/claimReentry.ts'
import { claimMisread, misreadIn, readsOfViews } from './reentrancy/misreadIn.ts'
import { type Reentry, reentriesOf, viewsIn } from './reentrancy/reentriesOf.ts'
import { type Repeat, repeatsOf } from './reentrancy/repeatsOf.ts'

const options = z.strictObject({
  traces: tracesOption,
  trusted: allowListOption(1000).describe(
    `Contracts whose code you know, such as routers: to pass through them is no way out. Those of the config are trusted. ${allowListWords}`,
  ),
})

/** Callers that entered again and took nothing, of whom has been told. */
const knownKey = 'callers'
const rememberedCallers = remembered(z.array(hexShape))
const knownMax = 128

/**
 * Speaks where a contract is entered again by outside code while an earlier call of it is still open: the same contract,
 * another one of the group, or a view by which something is priced. Where the group lost value in that transaction the
 * claim is high, and critical where the loss is proved by balances and large. Lenders, pairs and tokens that call their
 * users back do so all day: of these only a loss speaks.
 */
export const reentrancy = defineDetector<z.output<typeof options>>({
  id: 'reentrancy',
  title: 'A contract entered again while it is still at work',
  scenario:
    'A contract pays somebody out before it has written down that it did. The recipient is a contract that asks for the same money again while the first call is still open, until nothing is left.',
  signal:
    'In call traces it looks for outside code that one of the contracts called and that calls it, or another of the monitor, while the first call is open. Alone that is `medium`, once for each caller; with a loss of 1 % of what went out (20 % through a callback) it is `high`, and `critical` from 5 % of what was held. A view that was asked in the middle of a call and answered a tenth beyond what it says before and after the block, with something paid, is `high`.',
  response:
    'Pause the contract now: whoever did it once does it again in the next block, and others copy it. Then look at which function paid before it wrote, and at its siblings that share the same state.',
  knownLimits: [
    'Without call traces only the same payment told several times in one transaction shows, at `medium`.',
    'To ask a known view for a price is no entry, however it is called.',
    'Callbacks of flash loans, pairs and token hooks are silent unless something was lost.',
    'Contracts of other protocols whose price yours read are seen only where they stand under `on` or were asked in the middle of a call.',
    'To pass through code under `trusted`, or through a contract of the config, is no way out, even if that code is made to call a stranger.',
    'A loss in claims alone, in which no token or coin leaves, stays at `medium`.',
  ],
  severity: 'medium',
  sign: { stage: 'exploitation', restsOn: 'calls' },
  options,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile(assignment) {
    const { targets, names, chain } = assignment
    const { traces } = assignment.options
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const trusted = allowList(assignment.options.trusted, assignment, addressesOf(names.values()))
    const words = { chainId: chain.id, show: addressShower(names) }
    return {
      learns: true,
      interests: touchInterests([...ours], traces),
      ...(traces === 'none' && {
        notes: [
          'Without call traces re-entrancy shows only where a contract tells of the same payment several times in one transaction, and never where it pays in native coins and tells of nothing.',
        ],
      }),

      reads(view) {
        // Whoever is let pass by its code is a stranger until that is read.
        const sides = { ours, trusted: trusted.certain(view) }
        const suspects = touchedOutcomes(view).filter((outcome) => isSuspect(signsOf(outcome, sides)))
        return [
          ...trusted.reads(view),
          ...suspects.flatMap((outcome) => readsOfLosses(movementsOf(outcome), ours, believedIn(outcome, ours, known))),
          ...suspects.flatMap((outcome) => readsOfViews(signsOf(outcome, sides).views)),
        ]
      },

      detect(observation, memory) {
        const claims: Claim[] = []
        const { allowed, blind: unread } = trusted.at(observation)
        const sides = { ours, trusted: allowed }
        const blind = new Set<string>(unread)
        const callers = rememberedCallers(memory, knownKey) ?? []
        const news: Address[] = []
        for (const outcome of touchedOutcomes(observation)) {
          const signs = signsOf(outcome, sides)
          if (!isSuspect(signs)) continue
          const balance = lossesOf(observation, movementsOf(outcome), ours, believedIn(outcome, ours, known))
          for (const reason of balance.blind) blind.add(reason)
          const misread = balance.losses.length > 0 ? misreadIn(signs.views, { observation, blind }) : null
          if (misread) {
            claims.push(claimMisread(misread, { outcome, balance, ...words }))
            continue
          }
          if (signs.reentries.length + signs.repeats.length === 0) continue
          const claim = claimReentry({ ...signs, outcome, balance, ours, ...words })
          if (!claim) continue
          const [caller] = signs.reentries.map(({ stranger }) => stranger)
          const isTold = caller !== undefined && claim.severity === 'medium'
          if (isTold && (callers.includes(caller) || news.includes(caller))) continue
          claims.push(claim)
          if (isTold) news.push(caller)
        }
        const memoryAfter = news.length > 0 ? { [knownKey]: [...callers, ...news].slice(-knownMax) } : {}
        return { claims, blind: [...blind], memory: memoryAfter }
      },
    }
  },
})

type Signs = { reentries: Reentry[]; repeats: Repeat[]; views: ReturnType<typeof viewsIn> }

function signsOf({ transaction, receipt, calls }: Outcome, sides: Parameters<typeof reentriesOf>[1]): Signs {
  if (!receipt || receipt.status === 'reverted') return { reentries: [], repeats: [], views: [] }
  if (calls) return { reentries: reentriesOf(calls, sides), repeats: [], views: viewsIn(calls, sides) }
  return { reentries: [], repeats: repeatsOf(receipt, transaction.from, sides), views: [] }
}

const isSuspect = ({ reentries, repeats, views }: Signs) => reentries.length + repeats.length + views.length > 0
