import { countBound } from '../../lib/countBound.ts'
import type { MonitorReport, WarmUpReport } from '../../review/reportWarmUp.ts'
import { pasteLines } from './pasteLines.ts'
import { shortNumber } from './shortNumber.ts'
import { whyWords } from './whyWords.ts'

/** Silent monitors that are named. */
const namesMax = 20
/** Of the columns of numbers. */
const widths = [10, 8, 8, 14, 15, 10]
/** Monitors of which pages are shown. */
const looksMax = 20

/** What a replay says of the monitors, for a terminal: a table, how much it proves, and what would keep the budget. */
export function warmUpText(report: WarmUpReport, { hasDefaults }: { hasDefaults: boolean }): string {
  const { monitors, blocks, seconds, budget, total, allowed } = report
  const speaking = monitors
    .filter(({ findings, blindBlocks }) => findings > 0 || blindBlocks > 0)
    .sort((a, b) => b.pages - a.pages || b.alerts - a.alerts)
  const silent = monitors.filter((each) => !speaking.includes(each))
  const verdict =
    total.pages > allowed
      ? `OVER THE BUDGET: ${count(total.pages, 'page')}, where it leaves ${allowed} for a stretch like this.`
      : 'Within the budget, as far as this stretch can tell.'
  const parts = [
    `Warm-up over ${count(blocks, 'block')}, ${spanOf(seconds)}. Budget: ${budget} pages a month, of all monitors together.`,
    ...(speaking.length > 0 ? [tableOf(speaking, report)] : []),
    ...(silent.length > 0 ? [silentWords(silent)] : []),
    provenWords(report),
    ...(monitors.length > 0 ? [verdict] : []),
    ...proposalWords(monitors, hasDefaults),
  ]
  return `\n${parts.join('\n\n')}\n`
}

const count = (number: number, noun: string) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

function spanOf(seconds: number | null): string {
  if (seconds === null) return 'too short to tell how long'
  if (seconds < 7_200) return count(Math.round(seconds / 60), 'minute')
  return seconds < 2 * 86_400 ? count(Math.round(seconds / 3_600), 'hour') : `${shortNumber(seconds / 86_400)} days`
}

function tableOf(monitors: readonly MonitorReport[], { total }: WarmUpReport): string {
  const width = Math.max(...monitors.map(({ monitor }) => monitor.length), 'all monitors'.length)
  const row = (name: string, mode: string, severity: string, numbers: readonly string[]) =>
    `${name.padEnd(width)}  ${mode.padEnd(6)}  ${severity.padEnd(8)}${numbers.map((each, place) => each.padStart(widths[place]!)).join('')}`
  const numbersOf = (each: MonitorReport | WarmUpReport['total']) =>
    [each.findings, each.alerts, each.pages, each.alertsPerDay, each.pagesPerMonth, each.pagesPerMonthAtMost].map(
      shortNumber,
    )
  return [
    row('monitor', 'mode', 'severity', ['findings', 'alerts', 'pages', 'alerts a day', 'pages a month', 'at most']),
    ...monitors.map((each) => {
      const blind = each.blindBlocks > 0 ? `  blind in ${count(each.blindBlocks, 'block')}` : ''
      return row(each.monitor, each.mode, each.severity, numbersOf(each)) + blind
    }),
    row('all monitors', '', '', numbersOf(total)),
  ].join('\n')
}

function silentWords(silent: readonly MonitorReport[]): string {
  const names = silent
    .slice(0, namesMax)
    .map(({ monitor, mode }) => (mode === 'shadow' ? `${monitor} (shadow)` : monitor))
  const more = silent.length > namesMax ? ` and ${silent.length - namesMax} more` : ''
  return `Silent: ${names.join(', ')}${more}.`
}

/** A short stretch proves little, and that is said. */
function provenWords({ seconds, budget, total }: WarmUpReport): string {
  const what =
    'A page is an alert that reached `high`, silences and inhibitions left out, shadow monitors counted as if they were active.'
  if (seconds === null || total.pagesPerMonthAtMost === null)
    return `${what} One block says nothing of a month: play a longer stretch.`
  const none = (countBound(0) * 30 * 86_400) / seconds
  const needed =
    budget > 0 ? ` It takes ${shortNumber(countBound(0) / budget)} months without any to prove the budget.` : ''
  return `${what}\n\`At most\` holds at 95 %: even no page at all within ${spanOf(seconds)} only proves fewer than ${shortNumber(none)} a month.${needed}`
}

function proposalWords(monitors: readonly MonitorReport[], hasDefaults: boolean): string[] {
  const lines = pasteLines(monitors, hasDefaults)
  const isLimited = monitors.some(({ advice }) => advice?.proposal.kind === 'limits')
  return [
    ...(lines.length > 0
      ? [
          'With these lines these monitors would have kept to it. Write them over the same keys of the config:',
          lines.join('\n'),
        ]
      : []),
    ...(isLimited
      ? [
          'First look at what paged: where it was right, so is its limit. Then play this stretch and another one with the new limits.',
        ]
      : []),
    ...monitors.flatMap(stayWords),
    ...monitors
      .filter(({ advice }) => (advice?.look.length ?? 0) > 0)
      .slice(0, looksMax)
      .map(lookWords),
  ]
}

function stayWords(report: MonitorReport): string[] {
  if (report.advice?.proposal.kind !== 'shadow' || report.mode !== 'shadow') return []
  return [`Leave ${report.monitor} in shadow mode. ${whyWords(report).join(' ')}`]
}

function lookWords({ monitor, advice }: MonitorReport): string {
  const { proofs, look, proposal } = advice!
  const proved = `${proofs === 1 ? 'one page rests' : `${proofs.toLocaleString('en')} pages rest`} on proof of something that is wrong whatever its size; no limit is proposed for that`
  const what = [
    ...(proofs > 0 ? [proved] : []),
    ...(proposal.kind === 'none' && proposal.why === 'out of range'
      ? ['no limit that it may have would have spared the largest']
      : []),
  ]
  const shown = look.map(({ title, transactionHash, blockNumber }) => {
    const where = transactionHash === null ? '' : ` in ${transactionHash}`
    return `  block ${blockNumber}${where}: ${title}`
  })
  return [`LOOK at ${monitor}: ${what.join(', and ')}.`, ...shown].join('\n')
}
