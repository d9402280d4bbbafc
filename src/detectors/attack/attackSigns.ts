import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import { addressesOf } from '../addressesOf.ts'
import { remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { claimAttack } from './attackSigns/claimAttack.ts'
import { type RememberedSign, rememberedSigns, rememberSign } from './attackSigns/rememberedSign.ts'
import { type Situation, situationsOf } from './attackSigns/situationsOf.ts'
import { type Verdict, verdictOn } from './attackSigns/verdictOn.ts'
import { isFaded, weightOf } from './attackSigns/weighSigns.ts'

/** Where people were told of a situation: as what, by the first of its signs. */
const tellingShape = z.object({ kind: z.enum(['attack', 'likely']), signs: z.array(z.string()) })
type Told = z.output<typeof tellingShape>
const rememberedTold = remembered(z.array(tellingShape))

const signsKey = 'signs'
const toldKey = 'told'
/** Kept at most; the weakest go first. */
const signsMax = 120
const toldMax = 40

/**
 * Joins what other monitors found about the same contracts, and speaks when it is the work of the same strangers and two
 * signs that do not rest on the same thing point to an attack.
 */
export const attackSigns = defineDetector<Record<string, never>>({
  id: 'attack-signs',
  title: 'Several signs of one attack',
  scenario:
    'An attack shows in several small things before it shows in a large one: a new contract that names the vault, a price that is pushed and comes back. Each alone is ordinary and wakes nobody. Together, by the same hand, they are not.',
  signal:
    'Findings of other monitors on the same contracts that are the work of the same accounts are joined. `critical`: one that pages by itself and another that rests on something else, hours before or at the same time. `high`: three small signs that rest on different things add up to odds of 100,000 to 1. A sign of the attack itself loses half of its weight in an hour, one before it in a day.',
  response:
    'Treat it as an attack: pause what can be paused, then read the signs in the facts, each with its weight. They name the accounts that are at work; whoever was robbed is under `lost`, and what is under `used` merely served.',
  knownLimits: [
    'It sees only what other active monitors find, and nothing of those in shadow mode.',
    'An attacker who uses accounts with no link on the chain for each stage is not joined.',
    'Signs that rest on the same thing count once, however many.',
    'Who acts for others, such as whoever carries out a vote, may be named as the one at work.',
    'It comes after the first page, to say how grave it is, or instead of none where all signs are small.',
  ],
  severity: 'high',
  options: z.strictObject({}),
  when: 'none',
  needs: ['logs'],

  compile({ targets, names }) {
    const known = addressesOf([...names.values(), ...targets])
    const show = addressShower(names)
    return {
      interests: [{ kind: 'sign', about: targets.map(({ address }) => address) }],
      notes: ['It sees only what other monitors on the same contracts find, and not those in shadow mode.'],

      detect({ block, signs = [] }, memory) {
        const { number, timestamp: now } = block
        const before = rememberedSigns(memory, signsKey) ?? []
        const ids = new Set(before.map(({ id }) => id))
        const fresh = signs
          .filter(({ finding }) => !ids.has(finding.id))
          .map((sign) => rememberSign(sign, { block: number, time: now, known }))
        const kept = keep([...before.filter((sign) => !isFaded(sign, now)), ...fresh], now)
        const told = rememberedTold(memory, toldKey) ?? []
        const news = situationsOf(kept).flatMap((situation) => newsOf(situation, told, now))
        const claims: Claim[] = news.map(({ situation, verdict }) => claimAttack(situation, verdict, { now, show }))
        const remember: Record<string, Json> = {}
        if (!isDeepStrictEqual(before, kept)) remember[signsKey] = kept
        if (news.length > 0) {
          const more = news.map(({ situation, verdict }) => ({ kind: verdict.kind, signs: idsOf(situation) }))
          remember[toldKey] = [...told, ...more].slice(-toldMax)
        }
        return { claims, memory: remember }
      },
    }
  },
})

const idsOf = ({ signs }: Situation): string[] => signs.map(({ id }) => id)

/** The strongest, in the order in which they came. */
function keep(signs: readonly RememberedSign[], now: number): RememberedSign[] {
  if (signs.length <= signsMax) return [...signs]
  const strongest = new Set(signs.toSorted((a, b) => weightOf(b, now) - weightOf(a, now)).slice(0, signsMax))
  return signs.filter((sign) => strongest.has(sign))
}

/** A situation of which nobody was told yet, or of which it is now certain what was only likely. */
function newsOf(
  situation: Situation,
  told: readonly Told[],
  now: number,
): { situation: Situation; verdict: Verdict }[] {
  const verdict = verdictOn(situation, now)
  if (!verdict) return []
  const ids = new Set(idsOf(situation))
  const isKnown = told.some(
    ({ kind, signs }) => signs.some((id) => ids.has(id)) && (kind === 'attack' || kind === verdict.kind),
  )
  return isKnown ? [] : [{ situation, verdict }]
}
