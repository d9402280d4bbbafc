import { z } from 'zod'
import { type Movement, movementsOf } from '../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Block } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation, Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { believedIn, type Loss, lossesOf, netOf, readsOfLosses } from './losses.ts'
import { byShare, lossFacts, showLoss } from './lossWords.ts'
import { isAgain, type Row, signatureBook } from './replayedSignature/signatureBook.ts'
import { type Use, usesOf } from './replayedSignature/usesOf.ts'

const options = z.strictObject({
  traces: tracesOption,
  days: z.int().min(1).max(365).default(30).describe('For how many days a signature is remembered.'),
  except: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'write the first four bytes of its calldata'))
    .max(100)
    .default([])
    .describe('Selectors of functions whose signatures are meant to hold more than once, such as standing orders.'),
})

const [claimsMax, lostMax] = [16, 4]

type Judging = {
  observation: Observation
  ours: ReadonlySet<Address>
  known: ReadonlySet<Address>
  blind: Set<string>
  words: { chainId: number; show(address: Address): string }
}

/**
 * Speaks where a signature that a contract has accepted is accepted again: that of a permit or another function whose
 * standard says that each holds once, or one for which the same left the contract a second time and nothing came back.
 * With other arguments than the first time, it is a sign only: some signatures say who somebody is.
 */
export const replayedSignature = defineDetector<z.output<typeof options>>({
  id: 'replayed-signature',
  title: 'Signature used twice',
  scenario:
    'A contract pays whoever brings a voucher that its operator signed, and forgets to cross it off. Who was paid once sends the same calldata again, until nothing is left.',
  signal:
    'Signatures are found wherever they stand in the calldata of the contracts. One that is accepted again, also turned around (s as n - s), pages for a permit, `transferWithAuthorization()` or `delegateBySig()`, and for others where the same calldata takes the same sum again, nothing comes back and the balances bear it out; with other arguments, or where tokens are only made, it is `medium`.',
  response:
    'Pause what takes signatures: the next use is one transaction away. Compare the two transactions in the facts, and look whether the contract keeps the nonce before or after it pays, and by what.',
  knownLimits: [
    'It remembers two thousand signatures for `days`, so that a replay of an older one is not seen.',
    'A signature used on another chain first, or on another contract that is not under `on`, is not known.',
    'Signatures of passkeys, and of contracts in other lengths than 64 or 65 bytes, are not found.',
    'A standing order that is meant to be drawn again in equal sums pages, unless its function stands under `except`.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'approvals' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile({ options: { traces, days, except }, targets, names, chain }) {
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const spared = new Set(except.map((selector) => selector.toLowerCase()))
    const bookAt = (memory: Memory, { timestamp }: Block) => signatureBook(memory, timestamp - days * 86_400)
    const words = { chainId: chain.id, show: addressShower(names) }
    return {
      learns: true,
      interests: touchInterests([...ours], traces),
      notes: [
        'It remembers two thousand signatures; of those of passkeys and of contracts (ERC-1271) that are not written as 64 or 65 bytes it sees none.',
      ],

      reads(view, memory) {
        const book = bookAt(memory, view.block)
        const seen = new Set<string>()
        return touchedOutcomes(view).flatMap((outcome) => {
          const uses = usesOf(outcome, ours, spared)
          const keys = uses.map(({ key }) => key)
          return isAgain(keys, { seen, book })
            ? readsOfLosses(movementsOf(outcome), ours, believedIn(outcome, ours, known))
            : []
        })
      },

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        const book = bookAt(memory, observation.block)
        const { timestamp: time } = observation.block
        for (const outcome of touchedOutcomes(observation)) {
          const uses = usesOf(outcome, ours, spared)
          const movements = uses.length > 0 ? movementsOf(outcome) : []
          const claim = judge(
            outcome,
            { uses, movements, before: uses.map(({ key }) => book.find(key)) },
            {
              ...{ observation, ours, known, blind, words },
            },
          )
          if (claim && claims.length < claimsMax) claims.push(claim)
          for (const { key, call, once } of uses) {
            if (book.find(key)) continue
            const row = { key, call, once, transaction: outcome.transaction.hash, time, lost: lostIn(movements, ours) }
            book.add(row)
          }
        }
        return { claims, blind: [...blind], memory: book.changes() }
      },
    }
  },
})

const lostIn = (movements: readonly Movement[], ours: ReadonlySet<Address>): Row['lost'] =>
  [...netOf(movements, ours)]
    .flatMap(([token, amount]): Row['lost'] => (amount > 0n ? [[token, amount.toString()]] : []))
    .slice(0, lostMax)

type Used = { uses: readonly Use[]; movements: readonly Movement[]; before: readonly (Row | undefined)[] }

/** The gravest that can be said of one transaction. Null: nothing was accepted again, or nothing came of it. */
function judge(outcome: Outcome, { uses, movements, before }: Used, judging: Judging): Claim | null {
  const { observation, ours, known, blind } = judging
  const again = uses.flatMap((use, place) => {
    const first = before[place]
    const isTwice = uses.findIndex(({ key, call }) => key === use.key && call === use.call) < place
    return first || isTwice ? [{ use, first, isTwice }] : []
  })
  if (again.length === 0) return null
  const once = again.find(({ use: { once } }) => once)
  if (once) return claimAgain(outcome, once, { losses: [], isGrave: true }, judging)
  const balance = lossesOf(observation, movements, ours, believedIn(outcome, ours, known))
  for (const reason of balance.blind) blind.add(reason)
  const losses = balance.paid ? [] : byShare(balance.losses.filter(({ confirmed, held }) => confirmed || held === null))
  const isMade = movements.some(({ from, asset }) => from === zeroAddress && ours.has(asset as Address))
  const isFree = [...netOf(movements, ours).values()].every((amount) => amount > 0n)
  if (losses.length === 0 && !(isMade && isFree)) return null
  const same = again.find(({ use, first, isTwice }) => {
    const isPaidAgain = lostIn(movements, ours).some(([token, amount]) =>
      first?.lost.some((lost) => lost[0] === token && lost[1] === amount),
    )
    return losses[0]?.confirmed && (isTwice || (first?.call === use.call && isPaidAgain))
  })
  return claimAgain(outcome, same ?? again[0]!, { losses, isGrave: same !== undefined }, judging)
}

function claimAgain(
  { transaction }: Outcome,
  { use, first, isTwice }: { use: Use; first: Row | undefined; isTwice: boolean },
  { losses, isGrave }: { losses: readonly Loss[]; isGrave: boolean },
  { words }: Judging,
): Claim {
  const { target, selector, once, call } = use
  const name = words.show(target)
  const [loss] = losses
  const how = isTwice || first?.call === call ? 'again' : 'again for something else'
  const what = once ? `${name} accepted a signature again that holds once` : `${name} accepted a signature ${how}`
  return {
    key: `signature ${use.key}`,
    transactionHash: transaction.hash,
    address: target,
    title: loss ? `${what}, and ${showLoss(loss, words)} was lost` : what,
    facts: {
      ...{ sender: transaction.from, function: selector, firstTransaction: first?.transaction ?? transaction.hash },
      ...lossFacts(losses),
    },
    evidence: isGrave ? 'hard' : 'soft',
    ...(!isGrave && { severity: 'medium' as const }),
    group: `signatures ${target}`,
  }
}
