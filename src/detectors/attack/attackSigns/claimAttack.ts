import { truncate } from '../../../lib/truncate.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { RememberedSign } from './rememberedSign.ts'
import type { Situation } from './situationsOf.ts'
import { likelyFrom, type Verdict } from './verdictOn.ts'

const shownMax = 12
/** With the severity before it, what the heading of a message takes. */
const titleMax = 139
const rounded = (nats: number): number => Math.round(nats * 10) / 10

/** Says how the signs belong together, and what each is worth. Only who lost something is called attacked. */
export function claimAttack(
  { signs, actors }: Situation,
  { kind, strongest }: Verdict,
  { now, show }: { now: number; show(address: Address): string },
): Claim {
  const lost = [...new Set(signs.flatMap(({ evidence, address }) => (evidence === 'hard' ? [address] : [])))]
  const used = [...new Set(signs.map(({ address }) => address))].filter((address) => !lost.includes(address))
  const address = lost[0] ?? strongest[0]!.sign.address
  const newest = signs.findLast(({ transactionHash }) => transactionHash !== null)!
  const hands = `${show(actors[0]!)}${actors.length > 1 ? ` and ${actors.length - 1} more` : ''}`
  const what = lost.length > 0 ? `an attack on ${show(address)}` : `an attack that uses ${show(address)}`
  const counted = strongest.slice(0, shownMax)
  return {
    key: `signs ${signs[0]!.id} ${kind}`,
    ...(newest.transactionHash !== null && { transactionHash: newest.transactionHash }),
    address,
    title: truncate(`${strongest.length} signs of ${what} by ${hands}: ${leading(strongest).title}`, titleMax),
    facts: {
      score: scoreWords(kind, strongest),
      signs: counted.map(({ sign, weight }) => tell(sign, weight, now)),
      actors: actors.slice(0, shownMax),
      lost: lost.slice(0, shownMax),
      used: used.slice(0, shownMax),
    },
    evidence: lost.length > 0 ? 'hard' : 'soft',
    confidence: kind === 'attack' ? 'high' : 'medium',
    severity: kind === 'attack' ? 'critical' : 'high',
    actors,
    group: `signs ${signs[0]!.id}`,
  }
}

/** What people ask first is what was lost. */
function leading(strongest: Verdict['strongest']): RememberedSign {
  const proofs = strongest.filter(({ sign }) => sign.evidence === 'hard')
  return (proofs.find(({ sign }) => sign.restsOn === 'value') ?? proofs[0] ?? strongest[0]!).sign
}

function scoreWords(kind: Verdict['kind'], strongest: Verdict['strongest']): string {
  const weights = strongest.map(({ weight }) => rounded(weight))
  const sum = `${rounded(weights.reduce((all, each) => all + each, 0))} = ${weights.join(' + ')}`
  const chance = `${rounded(likelyFrom)} is 100,000 to 1 against chance`
  return kind === 'attack'
    ? `${sum}. One sign is precise, and one that rests on something else is enough beside it`
    : `${sum}. No sign is precise, and their sum is what counts: ${chance}`
}

const tell = (sign: RememberedSign, weight: number, now: number): string =>
  `${rounded(weight)}: ${sign.title} (${sign.monitor}, ${sign.stage}, rests on ${sign.restsOn}, ${ageWords(now - sign.time)})`

function ageWords(seconds: number): string {
  if (seconds < 60) return 'now'
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`
  return `${Math.round(seconds / 3_600)} h ago`
}
