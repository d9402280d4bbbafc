import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { compareSeverity } from '../../model/severity.ts'
import { resolveContract } from '../contractOption.ts'
import { addressShower } from '../showAddress.ts'
import { asConfigured } from './asConfigured.ts'
import type { Ask, Book } from './backing/book.ts'
import { claimBook } from './backing/claimBook.ts'
import { judgeBalances, readsOfBalances } from './backing/judgeBalances.ts'
import { judgeBleed } from './backing/judgeBleed.ts'
import { judgeBook } from './backing/judgeBook.ts'
import { judgeDeposits } from './backing/judgeDeposits.ts'
import { judgeEmissions } from './backing/judgeEmissions.ts'
import { judgeGrowth } from './backing/judgeGrowth.ts'
import { allMintsOf, judgeMints, mintsOf, readsOfMints, supplyKnown } from './backing/judgeMints.ts'
import { booksKey, plainBooks, recallBooks } from './backing/lastBooks.ts'
import { type Look, lookAt, readLook, readsOfLook } from './backing/look.ts'
import { type BackingOptions, backingOptions } from './backing/options.ts'
import { compileOwnBooks, type OwnBooks } from './backing/ownBooks.ts'
import { withPending } from './backing/rebase.ts'
import { isRising, judgeUsedRises, type Users } from './backing/usedRises.ts'

type Watched = { target: Contract; own: OwnBooks }
type Judging = {
  observation: Observation
  memory: Memory
  options: BackingOptions
  blind: Set<string>
  named: ReadonlySet<Address>
  users: Users
  show(address: Address): string
}

/**
 * Keeps the books of what contracts owe to others: shares of a vault or a pair, deposits of a lending pool, wrapped
 * coins. It speaks when there is less behind each claim than before, when a share is blown up, and when a token is made
 * out of nothing. It reads the state only, so that it needs no knowledge of how it was done.
 */
export const backing = defineDetector<BackingOptions>({
  id: 'backing',
  title: 'Less behind each share, deposit or coin than before',
  scenario:
    'A thief has shares, deposits or wrapped coins made for which he paid nothing, or takes what stands behind those of others. Each step looks like use; only the books show that what is left no longer covers what is owed.',
  signal:
    'It finds out what a contract is by what it answers (vault, pair, Aave or Compound market, wrapped coin, rate of a share, or your own `books`) and compares claims and backing before and after each block that touches it, and every `everyBlocks`. A fall of `mediumPercent`, `highPercent` or `criticalPercent` speaks at that severity; a share that rises by `risePercent` in a block is `high`, or by `usedPercent` where one of `users` pays for it within 25 blocks; of a plain token, `mintPercent` of the supply made for nothing by somebody who never did is `high`, and so is an account that has more of it than there is. What falls in small parts is added up for a week.',
  response:
    'Pause what can be paused: minting, borrowing and withdrawals. Compare claims and backing in the facts with the transaction concerned. If it is a loss that you know of, such as of a strategy, tell those who bear it.',
  knownLimits: [
    'A contract that answers none of these questions needs `books`, or is judged as a plain token or not at all.',
    "It reads state only, so that a theft of which the contract's own `totalAssets()` knows nothing leaves its rate as it was.",
    'What falls and comes back within one block is not seen.',
    'Of coins that another contract has a part in making, such as a bridge, no habit is kept; for these there is `bridge-conservation`.',
    "What a minter's key makes for nothing is silent below five times `mintPercent`, unless it is far more than it ever made, which is known from three mints on.",
    'An honest loss of a strategy, a slashing, or fees taken at once pages from `highPercent`.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: backingOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const { targets, names, options } = assignment
    const using = options.users.map((text) => resolveContract(text, assignment))
    const users: Users = new Map(using.map((user) => [user.address, user]))
    const paying = [...users.keys()]
    const show = addressShower(names)
    const named = new Set([...names.values(), ...targets].map(({ address }) => address))
    const addresses = targets.map(({ address }) => address)
    const watched = targets.map((target): Watched => ({ target, own: compileOwnBooks(options, { target, names }) }))
    return {
      learns: true,
      interests: [
        { kind: 'log', addresses },
        { kind: 'log', topics: transferTopics, accounts: addresses },
        { kind: 'transaction', touching: addresses },
        ...(paying.length > 0
          ? ([
              { kind: 'log', addresses: paying },
              { kind: 'log', topics: transferTopics, accounts: paying },
            ] as const)
          : []),
        { kind: 'tick', everyBlocks: options.everyBlocks },
      ],
      reads: (observation, memory) =>
        watched.flatMap(({ target, own }): Read[] => {
          const look = lookAt(target, observation, memory)
          if (!look) return []
          const mints = isPlain(look) ? mintsOf(target, observation, memory, options) : []
          const ownReads = look.ats.flatMap((at) => own.reads(observation, at))
          return [
            ...readsOfLook(look),
            ...ownReads,
            ...readsOfMints(target, mints),
            ...readsOfBalances(target, { observation, memory, options }),
          ]
        }),
      detect(observation, memory) {
        const blind = new Set<string>()
        const judged = watched.map((each) =>
          judgeTarget(each, { observation, memory, options, blind, named, users, show }),
        )
        return {
          claims: judged.flatMap(({ claims }) => claims.map((claim) => asConfigured(claim, options.severities))),
          blind: [...blind],
          memory: Object.assign({}, ...judged.map((each) => each.memory)),
        }
      },
    }
  },
})

/** Whether nothing is known to stand behind it, as behind most tokens. */
const isPlain = ({ known }: Look) => Object.keys(known?.rows ?? {}).length === 0

type Judged = { claims: Claim[]; memory: Record<string, Json> }

function judgeTarget({ target, own }: Watched, judging: Judging): Judged {
  const { observation, memory, options, blind } = judging
  const look = lookAt(target, observation, memory)
  if (!look)
    return isRising(target.address, memory)
      ? judgeUsedRises({ target, before: [], after: [] }, judging)
      : { claims: [], memory: {} }
  const ask = asker(target, observation, blind)
  const read = readLook(look, observation.block, ask)
  const after = [...read.after, ...own.books(observation, 'block', blind)]
  const before = look.touched ? [...read.before, ...own.books(observation, 'parent', blind)] : []
  const books = judgeBooks(look, before, after, judging)
  const isTold = books.claims.some(({ severity, evidence }) => severity !== 'medium' || evidence === 'soft')
  const bleed = judgeBleed({ target, before, after, isTold }, judging)
  const used = judgeUsedRises({ target, before, after }, judging)
  const deposits = judgeDeposits(
    target,
    observation.logs,
    after.find(({ name }) => name === 'shares'),
  )
  const mints = isPlain(look) ? mintsOf(target, observation, memory, options) : []
  const balances = judgeBalances(target, { ...judging, ask })
  const pairRows = look.touched ? (look.known?.rows.pair ?? []) : []
  const growth = pairRows.length > 0 ? judgeGrowth(target, pairRows, { ...judging, ask }) : null
  const made = after.length > 0 ? null : judgeMints(target, mints, { ...judging, ask })
  const emitted = after.length > 0 ? null : emissionsOf(target, made?.claims ?? [], judging)
  return {
    claims: [
      ...books.claims,
      ...bleed.claims,
      ...used.claims,
      ...deposits,
      ...(growth?.claims ?? []),
      ...(made?.claims ?? []),
      ...(emitted?.claims ?? []),
      ...balances.claims,
    ],
    memory: {
      ...{ ...read.memory, ...books.memory, ...bleed.memory, ...used.memory },
      ...{ ...growth?.memory, ...made?.memory, ...emitted?.memory, ...balances.memory },
    },
  }
}

/** What was told of already as made out of nothing is not told of again. */
function emissionsOf(target: Contract, told: readonly Claim[], judging: Judging): Judged {
  const hashes = new Set(told.flatMap(({ transactionHash }) => transactionHash ?? []))
  const mints = allMintsOf(target, judging.observation).filter(({ transaction }) => !hashes.has(transaction.hash))
  return judgeEmissions(target, mints, { ...judging, supply: supplyKnown(target, judging.memory) })
}

/** Compares with the block before where something happened, and with what was remembered where it is time. */
function judgeBooks(
  look: Look,
  before: Book[],
  after: Book[],
  { observation, memory, options, blind, show }: Judging,
): Judged {
  const { target } = look
  const last = recallBooks(memory, target.address)
  const remembered = observation.ticked ? last.books : []
  for (const { name } of [...before, ...remembered]) {
    if (after.every((book) => book.name !== name))
      blind.add(`${target.name} no longer tells what stands behind its ${name}`)
  }
  const lastOf = (book: Book) => last.books.find(({ name }) => name === book.name)
  const told = after.flatMap((book) => {
    const verdicts = [before, remembered].flatMap((books, index) => {
      const was = books.find(({ name }) => name === book.name)
      const verdict = was ? judgeBook(was, book, { options, last: lastOf(book) }) : null
      return was && verdict ? [{ book, was, verdict, isOfBlock: index === 0 }] : []
    })
    return verdicts.sort((a, b) => compareSeverity(b.verdict.severity, a.verdict.severity)).slice(0, 1)
  })
  const episode = last.episodes + 1
  const claims = told.map(({ book, was, verdict, isOfBlock }) =>
    claimBook({ target, before: was, after: book, verdict, observation, isOfBlock, episode, show }),
  )
  const known = last.books.filter(({ name }) => after.every((book) => book.name !== name))
  const isDue = (observation.ticked || claims.length > 0) && after.length > 0
  const episodes = last.episodes + (claims.length > 0 ? 1 : 0)
  const books = [...known, ...after.map((book) => withPending(lastOf(book), book))]
  return {
    claims,
    memory: isDue ? { [booksKey(target.address)]: plainBooks({ books, episodes }) } : {},
  }
}

function asker({ name }: Contract, observation: Observation, blind: Set<string>): Ask {
  return (read) => {
    const answer = observation.state(read)
    if (answer.ok) return answer.data
    if (!answer.reverted) blind.add(`${name}: ${answer.reason}`)
    return null
  }
}
