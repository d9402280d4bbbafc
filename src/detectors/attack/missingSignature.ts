import { z } from 'zod'
import { type Movement, movementsOf } from '../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Call, Hex } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { type Believed, believedIn, isBelieved, type Loss, lossesOf, netOf, readsOfLosses } from './losses.ts'
import { byShare, lossFacts, showLoss } from './lossWords.ts'
import { bornBy } from './missingSignature/bornBy.ts'
import { functionBook } from './missingSignature/functionBook.ts'

const options = z.strictObject({ traces: tracesOption })

/** A call from outside into one of ours, with the signatures that it bore. */
type Entered = { name: string; target: Address; selector: Hex; count: number; repeated: boolean }
type Broken = Entered & { least: number }

const [claimsMax, callsMax] = [16, 16]

/**
 * Learns which functions paid only for what was signed, and speaks where one of them paid though its calldata bore no
 * signature out of which a signer can be recovered, or bore the same one several times to be as many as are asked for.
 */
export const missingSignature = defineDetector<z.output<typeof options>>({
  id: 'missing-signature',
  title: 'Payment without a signature',
  scenario:
    'A bridge counts the signatures that it is handed, and forgets to ask that there be any; a desk takes the zero address, which is what a broken signature gives, for that of a signer. A thief pays himself what nobody signed.',
  signal:
    'It learns which functions pay, or make tokens, only for calldata that bears signatures. After three such payments, and none without, it pages where one pays for calldata out of which no signer can be recovered, or where the same signature stands several times and the others are fewer than ever; `medium` where something came in for what left.',
  response:
    'Pause what pays for signatures: the next payment is one transaction away. Call the function with the same calldata on a fork, and look how it treats a list that is empty and an answer of zero.',
  knownLimits: [
    'It does not know whose signature is asked for, so that a payment for that of a wrong signer is not seen.',
    'Only signatures of secp256k1 that stand in the calldata are known, and none of passkeys or other curves.',
    'Where a contract is asked for its signature (ERC-1271) it is silent.',
    'A function that paid once without a signature is never judged.',
    'Safes approve on the chain, too, so that `tocsin init` leaves them out.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'approvals' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile({ options: { traces }, targets, names, chain }) {
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const words = { chainId: chain.id, show: addressShower(names) }
    return {
      learns: true,
      interests: touchInterests([...ours], traces),
      notes: [
        'It knows signatures of secp256k1 that stand in the calldata, and asks for them of functions that paid for them three times and never without. Where a signer that is a contract was asked (ERC-1271), it is silent.',
      ],

      reads(view, memory) {
        const book = functionBook(memory)
        return touchedOutcomes(view).flatMap((outcome) => {
          const entered = enteredIn(outcome, ours)
          const movements = entered.length > 0 ? movementsOf(outcome) : []
          const isOdd = brokenIn(entered, book).length > 0
          if (pays(movements, ours, believedIn(outcome, ours, known)))
            for (const { name, count } of entered) book.learn(name, count)
          return isOdd ? readsOfLosses(movements, ours, believedIn(outcome, ours, known)) : []
        })
      },

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        const book = functionBook(memory)
        for (const outcome of touchedOutcomes(observation)) {
          const entered = enteredIn(outcome, ours)
          const movements = entered.length > 0 ? movementsOf(outcome) : []
          const believed = believedIn(outcome, ours, known)
          if (!pays(movements, ours, believed)) continue
          const [broken] = brokenIn(entered, book)
          for (const { name, count } of entered) book.learn(name, count)
          if (!broken) continue
          const balance = lossesOf(observation, movements, ours, believed)
          for (const reason of balance.blind) blind.add(reason)
          const losses = byShare(balance.losses.filter(({ confirmed, held }) => confirmed || held === null))
          if (losses.length === 0 && !makes(movements, ours)) continue
          // What was paid for may be signed where the price is the caller's to choose, and not where it is not.
          const isPaid =
            balance.paid ||
            losses[0]?.confirmed === false ||
            (losses.length === 0 && [...netOf(movements, ours).values()].some(isIn))
          if (claims.length < claimsMax) claims.push(claimOf(outcome, { broken, losses, isPaid }, words))
        }
        return { claims, blind: [...blind], memory: book.changes() }
      },
    }
  },
})

/** Something of ours left, or was made. */
const pays = (movements: readonly Movement[], ours: ReadonlySet<Address>, believed: Believed): boolean =>
  makes(movements, ours) ||
  [...netOf(movements, ours)].some(([token, amount]) => amount > 0n && isBelieved(token, believed))

const makes = (movements: readonly Movement[], ours: ReadonlySet<Address>): boolean =>
  movements.some(({ from, asset }) => from === zeroAddress && ours.has(asset as Address))

const isIn = (amount: bigint): boolean => amount < 0n

/** None where ours asked a contract whether something is its signature: what it takes for one nobody else knows. */
function enteredIn({ transaction, receipt, calls }: Outcome, ours: ReadonlySet<Address>): Entered[] {
  if (receipt?.status !== 'success' || calls?.some((call) => isAsked(call) && ours.has(call.from))) return []
  const handed = calls
    ? calls.filter(({ kind, from, reverted }) => kind === 'call' && !reverted && !ours.has(from))
    : [transaction]
  return handed
    .flatMap(({ to, input }): Entered[] => {
      if (to === null || !ours.has(to) || input.length < 10) return []
      const selector = input.slice(0, 10) as Hex
      return [{ name: `${to} ${selector}`, target: to, selector, ...bornBy(input) }]
    })
    .slice(0, callsMax)
}

/** `isValidSignature(bytes32,bytes)` of ERC-1271. */
const isAsked = ({ input, reverted }: Call): boolean => !reverted && input.startsWith('0x1626ba7e')

/** Calls of functions that are known to ask for signatures, which bore none or too few of them by repeating one. */
const brokenIn = (entered: readonly Entered[], book: ReturnType<typeof functionBook>): Broken[] =>
  entered.flatMap((call) => {
    const habit = book.asks(call.name)
    const isBroken = habit && (call.count === 0 || (call.repeated && call.count < habit.least))
    return isBroken ? [{ ...call, least: habit.least }] : []
  })

function claimOf(
  { transaction }: Outcome,
  {
    broken: { target, selector, count, least },
    losses,
    isPaid,
  }: { broken: Broken; losses: readonly Loss[]; isPaid: boolean },
  words: { chainId: number; show(address: Address): string },
): Claim {
  const name = words.show(target)
  const [loss] = losses
  const what =
    count === 0
      ? `${name} paid for a call that nobody signed, though it asks for ${least === 1 ? 'a signature' : `${least} signatures`}`
      : `${name} paid for ${least} signatures, of which one stands there several times`
  return {
    key: `unsigned ${target} ${selector}`,
    transactionHash: transaction.hash,
    address: target,
    title: loss ? `${what}, and ${showLoss(loss, words)} was lost` : what,
    facts: { sender: transaction.from, function: selector, signatures: count, usually: least, ...lossFacts(losses) },
    evidence: isPaid ? 'soft' : 'hard',
    ...(isPaid && { severity: 'medium' as const }),
    group: `unsigned ${target}`,
  }
}
