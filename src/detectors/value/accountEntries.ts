import { z } from 'zod'
import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import { hexShape, remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { type Dealing, dealingsWith } from './accountEntries/dealings.ts'
import {
  fallsOf,
  gettersOf,
  gettersOfAsset,
  heldReads,
  readsOfGetters,
  readsOfOwners,
  supplyReads,
} from './accountEntries/entries.ts'
import { readsOfItems } from './accountEntries/itemDealings.ts'
import { clearIn, judgeAsset, type Told } from './accountEntries/judgeAsset.ts'
import { isSum } from './accountEntries/judgeCaps.ts'
import { judgeDebts } from './accountEntries/judgeDebts.ts'
import { judgeItems } from './accountEntries/judgeItems.ts'
import type { Asset, Judged, Judging } from './accountEntries/judging.ts'
import { lessonsKey, lessonsOf } from './accountEntries/lessons.ts'
import { type AccountEntriesOptions, accountEntriesOptions } from './accountEntries/options.ts'

const assetsKey = (target: Address) => `assets ${target}`
const rememberedAssets = remembered(z.array(z.union([hexShape, z.literal('native')])))
const [assetsMax, assetsKnownMax] = [12, 4]

/**
 * Learns which of a contract's getters are its books, by what they say of those who put in and take out, and speaks where
 * they bear a payment no more: it was paid by a function that takes it off an entry otherwise, more was credited than came,
 * or the entry says far more than all that is held, which nobody can have put in. What is paid otherwise without an entry is
 * added up against caps, as is everything until the books are known.
 */
export const accountEntries = defineDetector<AccountEntriesOptions>({
  id: 'account-entries',
  title: 'Payments that the entries of accounts do not bear',
  scenario:
    'A bank forgets to cross off what it pays, or writes down more than it got. A thief takes the same money again and again, in sums as users take: only his own entry shows that it was never his.',
  signal:
    'It learns which of the getters under `entries`, `items` and `ofTokens` are books: those that fell by what was paid and rose by what was put in four times. It pages where a function pays and takes nothing off, or writes down more than came in (from `percent` of the holdings; `critical` from `criticalPercent`; small parts of one sender are added up for a week), where the entry of somebody who did nothing was paid to a stranger, where an entry says more than ten times what is held, and where a loan has nothing behind it. What no entry bears is added up against `windows`, and what no debt explains either against `unexplained`.',
  response:
    'Pause withdrawals now: whoever found the hole can use it until nothing is left. Call the getter in the facts for the accounts concerned, before and after the block, and compare with what was paid.',
  knownLimits: [
    'A hole that writes the books as they should be, such as a loan at a false price, leaves them in order.',
    'Until the books are learned all payments count against `windows`, which a large honest withdrawal then reaches.',
    'Of an asset that the config does not name, which anybody can make, all stays at `medium`.',
    'Debts that grow by interest on their own and pledges that lie in another contract are not understood, so that all that is lent counts.',
    'An item that is sold is borne by its written seller and price, less a fifth; a hole that lets anybody write the price goes with it.',
    'What an owner writes down for others, or moves from one entry to another, is not told.',
    'Twelve assets of one contract in one block at most are looked at, and a contract without such getters not at all.',
    'What is paid out of the entry of another is `medium` below `criticalPercent` where a signature may stand in the calldata, or the sender has done so four times before.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: accountEntriesOptions,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile({ targets, names, options }) {
    const addresses = targets.map(({ address }) => address)
    const trusted = new Set<Asset>(['native', ...[...names.values(), ...targets].map(({ address }) => address)])
    const show = addressShower(names)
    return {
      limits: { percent: options.percent, windows: options.windows, unexplained: options.unexplained },
      learns: (key, row) => (isSum(key) ? null : row),
      interests: [
        { kind: 'log', topics: transferTopics, accounts: addresses },
        { kind: 'transaction', touching: addresses, traces: 'touching' },
      ],
      reads: (observation, memory) =>
        targets.flatMap(({ address }) => {
          const { dealings } = dealingsWith(address, observation)
          const assets = assetsOf(address, dealings, memory, trusted)
          return [
            ...dealings.flatMap((dealing) => [
              ...readsOfOwners(address, options.entries, dealing),
              ...readsOfGetters(gettersOf(address, options.entries), dealing),
              ...assets.flatMap((asset) => readsOfGetters(gettersOfAsset(address, options.ofTokens, asset), dealing)),
              ...readsOfItems(address, options.items, dealing, trusted),
            ]),
            ...assets.flatMap((asset) => [...heldReads(address, asset), ...supplyReads(asset)]),
          ]
        }),
      detect(observation, memory) {
        const blind = new Set<string>()
        const judged = targets.map((target) =>
          judgeTarget({ observation, memory, options, target, trusted, blind, show }),
        )
        return {
          claims: judged.flatMap(({ claims }) => claims),
          blind: [...blind],
          memory: Object.assign({}, ...judged.map((each) => each.memory)),
        }
      },
    }
  },
})

/** Those that moved, and those of which something was learned: more may be written down of them though nothing moves. */
function assetsOf(target: Address, dealings: readonly Dealing[], memory: Memory, trusted: ReadonlySet<Asset>): Asset[] {
  if (dealings.length === 0) return []
  const known = rememberedAssets(memory, assetsKey(target)) ?? []
  const all = [...new Set([...known, ...dealings.flatMap(({ paid, made }) => [...paid.keys(), ...made.keys()])])]
  return trustedFirst(all, trusted).slice(0, assetsMax)
}

/** Whoever brings tokens of his own pushes out none that the config names. */
const trustedFirst = (assets: readonly Asset[], trusted: ReadonlySet<Asset>): Asset[] =>
  assets.toSorted((a, b) => Number(trusted.has(b)) - Number(trusted.has(a)))

function judgeTarget(judging: Judging): Judged {
  const { observation, options, target, blind } = judging
  const { dealings, left } = dealingsWith(target.address, observation)
  if (left > 0) blind.add(`${left} more dealings with ${target.name} in one block were not judged.`)
  const isDark = ({ outcomes }: Dealing) => outcomes.some(({ calls }) => calls === undefined)
  for (const dealing of dealings) {
    if (isDark(dealing))
      blind.add(
        `Calls inside a transaction with ${target.name} are not known, so that coins that it paid are not, either.`,
      )
  }
  const items = judgeItems(
    dealings.filter((dealing) => !isDark(dealing)),
    judging,
  )
  const told = dealings.map(
    (dealing): Told => ({
      dealing,
      falls:
        dealing.isCrowded || isDark(dealing)
          ? null
          : fallsOf(gettersOf(target.address, options.entries), dealing, { observation, blind }),
    }),
  )
  const assets = assetsOf(target.address, dealings, judging.memory, judging.trusted)
  const known = new Map(assets.map((asset) => [asset, lessonsOf(judging.memory, target.address, asset)]))
  const debts = judgeDebts(clearIn(told), known, judging)
  const judged = assets.map((asset) => judgeAsset(asset, told, { ...judging, isBacked: debts.isBacked, assets }))
  const before = rememberedAssets(judging.memory, assetsKey(target.address)) ?? []
  const learned = assets.filter((_, index) => lessonsKey(target.address, assets[index]!) in judged[index]!.memory)
  const knownAssets = trustedFirst([...new Set([...before, ...learned])], judging.trusted).slice(0, assetsKnownMax)
  // Of tokens that anybody can make any number of, a few are remembered.
  const kept = judged.filter((_, index) => judging.trusted.has(assets[index]!) || knownAssets.includes(assets[index]!))
  return {
    claims: [...items.claims, ...debts.claims, ...judged.flatMap(({ claims }) => claims)],
    memory: {
      ...items.memory,
      ...debts.memory,
      ...Object.assign({}, ...kept.map((each) => each.memory)),
      ...(knownAssets.join() !== before.join() && { [assetsKey(target.address)]: knownAssets }),
    },
  }
}
