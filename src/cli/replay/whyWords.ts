import { plugIns } from '../../app/plugIns.ts'
import type { Change } from '../../review/proposeChange.ts'
import type { MonitorReport } from '../../review/reportWarmUp.ts'
import { shortNumber } from './shortNumber.ts'

/** Why something is proposed for a monitor, and how it was found: sentences for people. */
export function whyWords({ advice, detector }: MonitorReport): string[] {
  const proposal = advice?.proposal
  if (proposal?.kind === 'limits') return proposal.changes.map(changeWords)
  if (proposal?.kind !== 'severity' && proposal?.kind !== 'shadow') return []
  const then =
    proposal.kind === 'severity'
      ? '`medium` wakes nobody, and is still told.'
      : 'In shadow mode it tells nobody, of what it proves neither: only until you know what these were.'
  return [`${reasonOf(detector)} ${then}`]
}

function reasonOf(detector: string): string {
  if (plugIns.detectors.get(detector)?.when === 'required')
    return 'Its limit stands in its rule: better change it there.'
  return 'What it finds has no limit that could be raised.'
}

function changeWords({ limit, was, basis, largest, values }: Change): string {
  const how =
    basis === 'largest' ? 'this is at least a tenth more' : 'their tail passes this as often as the budget allows'
  const seen = `${values} ${values === 1 ? 'page' : 'pages'} reached it, and the largest to be spared measured`
  return `${limit} was ${was}. ${seen} ${shortNumber(largest)}; ${how}.`
}
