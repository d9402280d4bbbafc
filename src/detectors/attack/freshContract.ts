import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type AddressFinder, addressFinder } from '../../evm/addressFinder.ts'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { everyBlocks } from './freshContract/attempts.ts'
import { buildersIn, buildersKey } from './freshContract/builders.ts'
import { claimCreation } from './freshContract/claimFresh.ts'
import { type CodeSign, changingSelectors, codeSignsOf } from './freshContract/codeSigns.ts'
import { type Following, followSuspect } from './freshContract/followSuspect.ts'
import { involves, keepYoung, type Suspect, suspectsIn, suspectsKey } from './freshContract/suspects.ts'
import { trialNote, trialOf } from './freshContract/trialOf.ts'
import { believedIn, readsOfLosses } from './losses.ts'

const options = z.strictObject({
  traces: tracesOption,
  days: z.int().min(1).max(60).default(14).describe('For how many days a new contract is remembered.'),
  percent: z
    .number()
    .min(0.01)
    .max(100)
    .default(1)
    .describe('What a new contract must take, in percent of what was held, so that it pages.'),
  deployers: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{40}$/))
    .max(1000)
    .default([])
    .describe('Accounts whose new contracts are yours and are not spoken of.'),
  simulate: z
    .boolean()
    .default(true)
    .describe('Tries for a day what the functions of new contracts would do to yours if their creators called them.'),
})

type Creation = {
  contract: Address
  creator: Address
  names: Address[]
  signs: CodeSign[]
  score: number
  code: Hex
  outcome: Outcome
}

/** A block full of new contracts must not fill the console. */
const creationsMax = 20

/**
 * Speaks of new contracts that hold the address of one of ours, as the contract of nearly every attack does before it
 * strikes; by itself never gravely, since so do those of honest people. Pages when such a contract takes out of ours more
 * than it brought and than the burned shares were worth; and before that, when a simulation shows that it would, to the
 * good of whoever made it.
 */
export const freshContract = defineDetector<z.output<typeof options>>({
  id: 'fresh-contract',
  title: 'A new contract made to deal with yours',
  scenario:
    'An attacker puts the address of the vault into a new contract, sends it, and calls it minutes or hours later. Until that call nothing is lost, and everything is there to be read.',
  signal:
    'A new contract whose code or constructor holds an address of yours scores 20 points, more for a flash loan (25), a young creator (20) or calls that move value (15): from 60 it is `medium`, below `low`. With `simulate`, its functions are tried as its creator could call them, at once and for a day: a loss of `percent` by which he would gain pages at `high` before anything is lost. For `days` a transaction in which it takes `percent` beyond what it brought is `high`, and `critical` where balances prove 5 %.',
  response:
    'Read the new contract. If a simulation shows that it would take something, pause before it is called: there are minutes at most. If it has taken something already, pause now: the next call comes within a block or two.',
  knownLimits: [
    'A contract that is told your address only when it is called, or reads it from elsewhere, is not found.',
    'Its simulation does not find attacks that want other arguments, a secret, several transactions, or what tells a simulation from the real thing.',
    'What attacks in its own constructor is seen only as it strikes.',
    'One that a factory creates in a transaction that does not touch yours is not seen.',
    'A new integration of honest people is told of at `low` or `medium`, unless it stands under `deployers` or comes from who made a watched contract.',
    'A stolen key of such a maker is no stranger.',
  ],
  severity: 'low',
  sign: { stage: 'preparation', restsOn: 'code' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile({ options: { traces, days, percent, deployers, simulate }, targets, names, chain }) {
    const ours = addressesOf(targets)
    const find = addressFinder(ours)
    const changing = changingSelectors(targets.map(({ abi }) => abi))
    const known = new Set(deployers.map((address) => address.toLowerCase()))
    // What the config names is no stranger, though it may be new.
    const named = addressesOf([...names.values(), ...targets])
    const words = { chainId: chain.id, show: addressShower(names), percent }
    const seconds = days * 86_400
    const newIn = (outcomes: readonly Outcome[], builders: readonly Address[]) =>
      outcomes
        .flatMap((outcome) => creationsIn(outcome, find, changing))
        .filter(({ contract, creator }) => !named.has(contract) && !known.has(creator) && !builders.includes(creator))
        .slice(0, creationsMax)
    const trial = simulate ? trialOf({ ours: [...ours], names, words }) : null
    return {
      learns: true,
      interests: [
        { kind: 'creation', naming: [...ours] },
        ...touchInterests([...ours], traces),
        ...(trial ? [{ kind: 'tick' as const, everyBlocks }] : []),
      ],
      ...(trial && { simulates: true }),
      notes: [
        ...(trial ? [trialNote] : []),
        'It sees contracts that transactions create, and those that contracts create in transactions that touch yours; not one that a factory creates elsewhere, nor one that is told your address only when it is called.',
      ],

      reads(view, memory) {
        const outcomes = touchedOutcomes(view)
        const created = newIn(outcomes, buildersIn(memory, outcomes, { ours, named }))
        const suspects = [...suspectsIn(memory), ...created]
        const taken = outcomes.flatMap((outcome) => {
          const movements = movementsOf(outcome)
          const isOne = suspects.some(({ contract }) => involves(outcome, movements, contract))
          return isOne ? readsOfLosses(movements, ours, believedIn(outcome, ours, named)) : []
        })
        return [...taken, ...(trial?.reads(created, view, memory) ?? [])]
      },

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        const { timestamp: time } = observation.block
        const outcomes = touchedOutcomes(observation)
        const builders = buildersIn(memory, outcomes, { ours, named })
        const created = newIn(outcomes, builders)
        claims.push(...created.map((creation) => claimCreation({ ...creation, ...words })))
        const before = suspectsIn(memory)
        const isTheirs = ({ creator }: Suspect) => !builders.includes(creator)
        const fresh = created.map(
          ({ contract, creator, score }): Suspect => ({ contract, creator, score, time, net: [] }),
        )
        const young = keepYoung([...before, ...fresh].filter(isTheirs), time, seconds)
        const following: Following = { observation, outcomes, ours, named, words }
        const followed = young.map((suspect) => followSuspect(suspect, following))
        const after = followed.map(({ suspect }) => suspect)
        for (const each of followed) {
          claims.push(...each.claims)
          for (const reason of each.blind) blind.add(reason)
        }
        const tried = trial?.judge(created, observation, memory)
        for (const reason of tried?.blind ?? []) blind.add(reason)
        const remember = {
          ...tried?.memory,
          ...(builders.length > buildersIn(memory, [], { ours, named }).length && { [buildersKey]: builders }),
          ...(!isDeepStrictEqual(before, after) && { [suspectsKey]: after }),
        }
        return { claims: [...claims, ...(tried?.claims ?? [])], blind: [...blind], memory: remember }
      },
    }
  },
})

/** Contracts of one transaction that hold an address of ours: those that it creates itself, or by its calls. */
function creationsIn(
  { transaction, receipt, calls }: Outcome,
  find: AddressFinder,
  changing: ReadonlySet<Hex>,
): Creation[] {
  if (!receipt || receipt.status === 'reverted') return []
  const { from: creator, to, input } = transaction
  const top = to === null && receipt.contractAddress ? [{ contract: receipt.contractAddress, code: input }] : []
  const inner = (calls ?? []).flatMap(({ kind, depth, reverted, to: contract, input: code }) =>
    kind === 'create' && depth > 0 && !reverted && contract ? [{ contract, code }] : [],
  )
  return [...top, ...inner].flatMap(({ contract, code }) => {
    const names = find(code)
    if (names.length === 0) return []
    const signs = [...codeSignsOf(code, changing), ...ageSigns(transaction.nonce)]
    return [{ contract, creator, names, signs, score: scoreOf(signs), code, outcome: { transaction, receipt } }]
  })
}

/** An account that has sent little is new, or means to look so. */
function ageSigns(nonce: number): CodeSign[] {
  if (nonce >= 50) return []
  return [{ sign: `its creator had sent ${nonce} transactions before`, points: nonce < 5 ? 20 : 10 }]
}

const namingPoints = 20
const scoreOf = (signs: readonly CodeSign[]): number => signs.reduce((sum, { points }) => sum + points, namingPoints)
