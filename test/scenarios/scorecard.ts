import { type Theme, themes } from '../../demo/scenarios/scenario.ts'
import { scenarios } from '../../demo/scenarios.ts'
import { countBound } from '../../src/lib/countBound.ts'
import { hasCorpus } from '../harness/corpus.ts'
import { leftOut, type MainnetPages, mainnetPages } from './mainnetPages.ts'
import { type Outcome, playScenario } from './playScenario.ts'

/** Plays every scenario, or those whose name is given, and prints how many attacks were found, how early, and what was false. */
async function main(names: readonly string[]): Promise<void> {
  const chosen = [...scenarios.values()].filter(({ name }) => names.length === 0 || names.includes(name))
  const outcomes: { theme: Theme; outcome: Outcome }[] = []
  for (const scenario of chosen) {
    const outcome = await playScenario(scenario)
    outcomes.push({ theme: scenario.theme, outcome })
    console.log(`${scenario.theme.padEnd(11)} ${scenario.name.padEnd(32)} ${inWords(outcome)}`)
    const { recordings: _, config, ...told } = outcome
    if (names.length > 0) console.log(`\n${config}\n${JSON.stringify(told, null, 2)}`)
  }
  console.log(`\n${table(outcomes)}`)
  const mainnet = hasCorpus && names.length === 0 ? mainnetPages() : []
  if (names.length === 0) console.log(`\n${mainnetTable(mainnet)}`)
  const isMissed = ({ outcome: { found, foundLate, falsely } }: (typeof outcomes)[number]) =>
    !found[0] || !foundLate[0] || falsely.length > 0
  if (outcomes.some(isMissed) || mainnet.some(({ pages }) => pages.length > 0)) process.exitCode = 1
}

function inWords({ found, foundLate, lead, falsely, blind }: Outcome): string {
  const first = found[0]
  const seen = first ? `found ${lead} blocks before the end by ${first.monitor}: ${first.title}` : 'MISSED'
  return [
    seen,
    first && !foundLate[0] && 'MISSED by who starts after init',
    falsely.length > 0 && `${falsely.length} FALSE: ${falsely[0]?.title}`,
    blind.length > 0 && `blind in ${blind.length} blocks`,
  ]
    .filter((part) => typeof part === 'string')
    .join('; ')
}

function table(outcomes: readonly { theme: Theme; outcome: Outcome }[]): string {
  const rows = [...themes, 'all'].flatMap((theme) => {
    const own = outcomes.filter((each) => theme === 'all' || each.theme === theme).map(({ outcome }) => outcome)
    if (own.length === 0) return []
    const leads = own.flatMap(({ lead }) => lead ?? []).toSorted((a, b) => a - b)
    const falsely = own.reduce((sum, each) => sum + each.falsely.length + each.beforehand.length, 0)
    const late = own.filter(({ foundLate }) => foundLate[0]).length
    const found = `${leads.length} of ${own.length} | ${late} of ${own.length}`
    return [`| ${theme} | ${found} | ${leads[Math.floor(leads.length / 2)] ?? '–'} | ${falsely} |`]
  })
  return [
    '| theme | attacks found | by who starts after `init` | median lead, blocks | false findings at `high` |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** What would have paged on real traffic; a dash where the recorded blocks are not at hand. */
function mainnetTable(seen: readonly MainnetPages[]): string {
  const rows = seen.map(({ detector, transactions, pages }) => {
    const bound = (countBound(pages.length) / transactions) * 10_000
    return `| ${detector} | ${pages.length} | ${transactions} | ${bound.toFixed(1)} |`
  })
  const note = Object.entries(Object.groupBy(Object.entries(leftOut), ([, why]) => why)).map(
    ([why, own = []]) => `${own.map(([id]) => id).join(', ')}: ${why}`,
  )
  return [
    '| detector around the ten busiest contracts of mainnet | false findings at `high` | in transactions | at most in 10,000, at 95 % |',
    '|---|---|---|---|',
    ...(rows.length > 0 ? rows : ['| – | – | – | – |']),
    '',
    `Left out: ${note.join('; ')}.`,
  ].join('\n')
}

await main(process.argv.slice(2))
