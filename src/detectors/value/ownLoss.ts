import { z } from 'zod'
import { compareDelta } from '../../evm/ledger/compareDelta.ts'
import { deltasOf } from '../../evm/ledger/deltasOf.ts'
import { tokenMovements } from '../../evm/ledger/movementsOf.ts'
import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Severity } from '../../model/severity.ts'
import { type PriceBook, priceBook, type Worth } from '../prices/priceBook.ts'
import { showDollars } from '../prices/showDollars.ts'
import { worthFacts } from '../prices/worthFacts.ts'
import { hexShape, remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { isPercentOf, showPercent } from '../tokens/amounts.ts'
import { nativeBalance, readAmount, tokenBalance } from '../tokens/balances.ts'
import { showToken } from '../tokens/showToken.ts'
import { asConfigured } from './asConfigured.ts'
import { type Loss, lossesIn } from './ownLoss/losses.ts'
import { type OwnLossOptions, ownLossOptions } from './ownLoss/options.ts'
import { codeReads, isSuspect, type Sign, signsOf } from './ownLoss/signs.ts'

type Judging = {
  observation: Observation
  options: OwnLossOptions
  targets: ReadonlyMap<Address, Contract>
  /** Tokens that the config names, so that they are believed. */
  trusted: ReadonlySet<Address | 'native'>
  losses: readonly Loss[]
  blind: Set<string>
  book: PriceBook
  show(address: Address): string
  /** Who was paid the same sum several times in an earlier transaction. */
  repeaters: Set<Address>
}

const repeatersKey = 'repeaters'
const rememberedRepeaters = remembered(z.array(hexShape))
const repeatersMax = 64

/**
 * Adds up what each transaction moved and speaks where watched contracts lost and got nothing for it, if it bears a sign
 * of theft. A withdrawal by somebody whose deposit nobody saw bears none, however large it is.
 */
export const ownLoss = defineDetector<OwnLossOptions>({
  id: 'own-loss',
  title: 'A loss in one transaction that bears a sign of theft',
  scenario:
    'A fresh contract takes from yours in one transaction what nobody ever gave it: it re-enters a withdrawal, or puts in a flash loan and takes out more than it put in.',
  signal:
    'What each transaction moved is added up over the contracts of the monitor; what came back or was paid for, and whoever calls them himself, is no loss. From `percent` of what was held, or `usd`, it speaks where a sign of theft stands beside: taken by a contract younger than the block is `high`, and `critical` from `criticalPercent`, from ten times `usd`, or with a second sign; the same sum several times is `high` from `criticalPercent` or when it comes again; something put in and taken out again while something else came along is `high` from `criticalPercent`; more out than was put in, alone, is `medium`. A token that the config does not name is `medium` at most.',
  response:
    'Pause withdrawals now: the same transaction can be sent again until nothing is left. Look at who called and who was paid in the facts, and tell exchanges the addresses.',
  knownLimits: [
    'A theft by a contract made a block earlier, in one sum and without putting anything in, bears no sign; `fresh-contract` follows such contracts.',
    'Whoever calls the contract himself, without a contract of his own, is left alone; for these there are `open-payment` and `account-entries`.',
    'Coins that move inside transactions are seen only with `traces`.',
    'What stands under no account as a token, such as internal balances, is not moved here.',
    'A new bot that takes out what its owner put in through another address looks like a theft and pages.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: ownLossOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const { targets: on, names, options } = assignment
    const book = priceBook(assignment)
    const targets = new Map(on.map((target) => [target.address, target]))
    const accounts = [...targets.keys()]
    const trusted = new Set<Address | 'native'>(['native', ...[...names.values(), ...on].map(({ address }) => address)])
    const show = addressShower(names)
    return {
      stateless: true,
      interests: [
        { kind: 'log', topics: transferTopics, accounts },
        ...(options.traces ? [{ kind: 'transaction', touching: accounts, traces: options.traces } as const] : []),
      ],
      reads: (observation) =>
        lossesIn(observation, targets, trusted)
          .filter((loss) => isSuspect(loss, observation, targets))
          .flatMap((loss) => [...codeReads(loss), ...heldReads(loss), ...gainReads(loss), ...book.reads(loss.asset)]),
      detect(observation, memory) {
        const blind = new Set<string>()
        const losses = lossesIn(observation, targets, trusted)
        const before = rememberedRepeaters(memory, repeatersKey) ?? []
        const repeaters = new Set(before)
        const judging = { observation, options, targets, trusted, losses, blind, book, show, repeaters }
        const claims = losses.flatMap((loss) =>
          judgeLoss(loss, judging).map((claim) => asConfigured(claim, options.severities)),
        )
        if (repeaters.size === before.length) return { claims, blind: [...blind] }
        return { claims, blind: [...blind], memory: { [repeatersKey]: [...repeaters].slice(-repeatersMax) } }
      },
    }
  },
})

const heldRead = (asset: Loss['asset'], address: Address, at: Read['at']): Read =>
  asset === 'native' ? nativeBalance(address, at) : tokenBalance(asset, address, at)

const heldReads = ({ asset, target: { address } }: Loss): Read[] =>
  (['parent', 'block'] as const).map((at) => heldRead(asset, address, at))

const gainReads = ({ gains, target: { address } }: Loss): Read[] =>
  gains.map(({ asset }) => heldRead(asset, address, 'parent'))

/** Whether it got at least half as large a part of something else: a unit of it, sent along, is no price. */
function isPaidFor(
  { gains, amount, target: { address } }: Loss,
  held: bigint,
  { observation, blind }: Judging,
): boolean {
  return gains.some((gain) => {
    const before = readAmount(observation, heldRead(gain.asset, address, 'parent'))
    if (before.amount !== null) return 2n * gain.amount * held >= amount * before.amount && before.amount > 0n
    if (before.blind) blind.add(`What ${address} got for ${amount} could not be weighed: ${before.blind}`)
    return true
  })
}

function judgeLoss(loss: Loss, judging: Judging): Claim[] {
  const { observation, options, targets, trusted, blind, book } = judging
  const { asset, amount, target } = loss
  const signs = signsOf(loss, observation, { targets, trusted })
  if (signs.length === 0) return []
  const [before, after] = heldReads(loss).map((read) => readAmount(observation, read))
  if (before?.amount == null || after?.amount == null) {
    const reason = [before, after].flatMap((each) =>
      each && each.amount === null && each.blind ? [each.blind] : [],
    )[0]
    if (reason && trusted.has(asset)) blind.add(`Holdings of ${asset} in ${target.name} could not be read: ${reason}`)
    return []
  }
  if (isPaidFor(loss, before.amount, judging)) return []
  const worth = book.worth(asset, amount, observation)
  if (book.isPriced(asset) && 'unpriced' in worth)
    blind.add(`What ${target.name} lost could not be counted in dollars: ${worth.unpriced}`)
  const isWorth = 'dollars' in worth && worth.dollars >= options.usd
  if (before.amount === 0n || !(isWorth || isPercentOf(amount, options.percent, before.amount))) return []
  const bearing = compareDelta({ told: toldIn(judging, loss), before: before.amount, after: after.amount })
  // Anybody can deploy a token that tells of transfers which never were.
  if (bearing === 'not' && !trusted.has(asset)) return []
  // A stranger's token says what it likes of its balances, too.
  const isBorne = bearing !== 'not' && trusted.has(asset)
  const seen = { signs, before: before.amount, after: after.amount, isBorne, worth }
  return [claimOf(loss, seen, judging)]
}

/** What the logs of the block say that the contract has more. Of coins only the losses are known. */
function toldIn({ observation, losses }: Judging, { asset, target }: Loss): bigint {
  if (asset !== 'native') {
    return deltasOf(tokenMovements(observation.logs)).get(asset)?.get(target.address) ?? 0n
  }
  return losses.reduce((sum, loss) => (loss.asset === asset && loss.target === target ? sum - loss.amount : sum), 0n)
}

type Seen = { signs: readonly Sign[]; before: bigint; after: bigint; isBorne: boolean; worth: Worth }

const words: Record<Sign, string> = {
  repeated: 'the same sum several times',
  fresh: 'by a contract made just before',
  'more out than in': 'more than was put in along with it',
  'in and out': 'along with what was put in and taken out again',
}

function claimOf(
  { asset, amount, target: { address, name }, transaction, receipt }: Loss,
  { signs, before, after, isBorne, worth }: Seen,
  { options, show, repeaters }: Judging,
): Claim {
  const called = transaction.to ?? receipt.contractAddress
  const dollars = 'dollars' in worth ? worth.dollars : null
  const isAgain = called !== null && repeaters.has(called)
  if (called !== null && signs.includes('repeated')) repeaters.add(called)
  return {
    key: `loss ${address} ${asset}`,
    transactionHash: transaction.hash,
    address,
    title: `${showPercent(amount, before)} of the ${showToken(asset, show)} of ${name}${dollars === null ? '' : ` (${showDollars(dollars)})`} was taken in one transaction, ${signs.map((sign) => words[sign]).join(', ')}`,
    facts: {
      token: asset,
      amount: String(amount),
      heldBefore: String(before),
      heldAfter: String(after),
      share: showPercent(amount, before),
      ...worthFacts(worth),
      signs: [...signs],
      sender: transaction.from,
      called,
    },
    evidence: isBorne ? 'hard' : 'soft',
    severity: severityOf(signs, {
      isBorne: isBorne && !(dollars !== null && dollars < (options.leastUsd ?? 0)),
      isLarge: isPercentOf(amount, options.criticalPercent, before),
      isDear: dollars !== null && dollars >= 10 * options.usd,
      isAgain,
    }),
    confidence: signs.length > 1 ? 'high' : 'medium',
  }
}

/**
 * Borrowers put in and take out, too: that alone is no grave sign. Nor is the same sum several times, as somebody who owns
 * several equal claims is paid, until it is much or comes again.
 */
function severityOf(
  signs: readonly Sign[],
  { isBorne, isLarge, isDear, isAgain }: { isBorne: boolean; isLarge: boolean; isDear: boolean; isAgain: boolean },
): Severity {
  if (!isBorne) return 'medium'
  // What is dear to people is a small part of a large contract, which owners of equal claims take out, too.
  if (signs.includes('fresh')) return isLarge || isDear || signs.length > 1 ? 'critical' : 'high'
  if (signs.includes('in and out') && isLarge) return 'high'
  return signs.includes('repeated') && (isLarge || isAgain || signs.length > 1) ? 'high' : 'medium'
}
