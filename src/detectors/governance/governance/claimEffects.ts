import { strangersText } from '../../../lib/strangersText.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { knownCall } from '../../calls/knownFunctions.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { groupOf, momentOf, shortId } from './claimOrders.ts'
import type { Effect, Question } from './effects.ts'
import { mentions } from './mentions.ts'
import type { OpenOrder } from './openOrders.ts'

/** A change that the calls themselves do not tell of: only running them shows it. */
export function isHidden(
  { kind, address, next, paid, facts }: Effect,
  calls: readonly Instruction[],
  { questions, lossPercent }: { questions: readonly Question[]; lossPercent: number },
): boolean {
  if (paid) return !isSaid(paid, calls) && isPercentOf(paid.amount, lossPercent, BigInt(String(facts.held)))
  // Who takes over what was offered to it, or hands it on among ours, does what everybody can see.
  if (kind === 'owner' && questions.some(({ of }) => of === next)) return false
  const wanted = kind === 'owner' ? 'power' : 'upgrade'
  return !calls.some((call) => {
    const known = knownCall(call)
    return known?.deed?.kind === wanted && (call.to === address || known.args.includes(address))
  })
}

/** Payments that stand in the calls make up for what leaves, but for what fees and rounding take. */
function isSaid({ token, amount }: NonNullable<Effect['paid']>, calls: readonly Instruction[]): boolean {
  const said = calls.reduce((sum, call) => {
    const pays = knownCall(call)?.deed?.pays
    const own = token === 'native' ? call.value : 0n
    return sum + own + (pays?.token === token && pays.from !== 'supply' ? pays.amount : 0n)
  }, 0n)
  return said * 100n >= amount * 99n
}

type Telling = { observation: Observation; show(address: Address): string; quorum?: bigint; votes?: bigint }

export function claimEffect(effect: Effect & { replaced?: boolean }, open: OpenOrder, telling: Telling): Claim {
  const { show, observation } = telling
  const isNew = observation.block.number > open.block
  const subject =
    open.kind === 'proposal'
      ? `Proposal ${shortId(open.id)} of ${show(open.at)}`
      : `Operation ${shortId(open.id)} of ${show(open.at)}`
  const would = isNew ? 'would now, unlike when it was made,' : 'would'
  return {
    key: `effect ${effect.name}`,
    subject: groupOf(open),
    address: effect.address,
    title: `${subject} ${would} ${effect.words}; ${untilWhen(open, telling)}`,
    facts: {
      id: open.id,
      ...effect.facts,
      ...(effect.returned && { milder: 'as much may be taken out of a vault for it' }),
      simulatedAt: String(observation.block.number),
      ...(open.voteEnd !== null && { voteEnd: open.voteEnd }),
      ...(open.readyAt !== null && { executableFrom: open.readyAt }),
      ...(open.description !== null && { description: strangersText(open.description, descriptionMax) }),
      ...voteFacts(telling),
    },
    evidence: 'soft',
    confidence: 'high',
    severity: isOpenly(effect, open) ? 'medium' : 'high',
    group: groupOf(open),
  }
}

const descriptionMax = 300

/** Money that may be taken back, and a guardian that is replaced, and of which the text speaks: what honest people do. */
const isOpenly = ({ replaced, returned }: Effect & { replaced?: boolean }, { description }: OpenOrder) =>
  returned === true || (replaced === true && (description === null || mentions(description, 'power')))

function untilWhen({ voteEnd, readyAt }: OpenOrder, { quorum, votes }: Telling): string {
  if (readyAt !== null) return `it can be cancelled until ${momentOf(BigInt(readyAt))}`
  if (voteEnd === null) return 'it can still be stopped'
  const end = BigInt(voteEnd) > 1_000_000_000n ? momentOf(BigInt(voteEnd)) : `block ${voteEnd}`
  const missing = quorum !== undefined && votes !== undefined && votes < quorum ? quorum - votes : null
  return `stop it by vote until ${end}${missing === null ? '' : ` (${showPercent(missing, quorum!)} of its quorum is missing)`}`
}

function voteFacts({ quorum, votes }: Telling): Record<string, Json> {
  if (quorum === undefined || votes === undefined) return {}
  const missing = votes < quorum ? quorum - votes : 0n
  return { votes: votes.toString(), quorum: quorum.toString(), votesMissing: missing.toString() }
}
