import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { optionTable, regenerate, table } from '../../test/harness/reference.ts'
import type { AnyDetector } from '../model/detector.ts'
import { severities } from '../model/severity.ts'
import { detectors } from './index.ts'

const path = 'docs/reference/detectors.md'
const reference = readFileSync(path, 'utf8')
const sections = reference.match(/^## [\w-]+$.*?(?=^## |$(?![\s\S]))/gms) ?? []
const idOf = (section: string) => /^## ([\w-]+)/.exec(section)?.[1]

/** By folder. */
const themes: Readonly<Record<string, string>> = {
  rules: 'Rules of your own',
  access: 'Who may do what',
  safe: 'What Safes execute',
  governance: 'What DAOs decide and pay',
  value: 'Value that moves, and what stands behind it',
  oracle: 'Prices',
  attack: 'Attacks, as transactions show them',
  dependency: 'What your contracts rely on',
  activity: 'How much is going on',
}

/** To write them anew after a manual or an option has changed: vitest with `-u`. */
test('the manuals and option tables of the reference are those of the detectors', async () => {
  const generated = regenerate(reference, ['list', ...detectors.keys()], (id) =>
    id === 'list' ? listOf([...detectors.values()]) : manualOf(detectors.get(id)!),
  )
  await expect(generated).toMatchFileSnapshot(`../../${path}`)
})

function listOf(all: readonly AnyDetector[]): string {
  const rows = Object.entries(themes).flatMap(([folder, theme]) => [
    [`**${theme}**`, '', '', ''],
    ...all
      .filter(({ id }) => existsSync(`src/detectors/${folder}/${camelCase(id)}.ts`))
      .map(({ id, title, needs, severity }) => [`[${id}](#${id})`, title, inOrder(needs), severity]),
  ])
  return table(['detector', 'what it catches', 'needs', 'severity'], rows)
}

function manualOf({
  title,
  scenario,
  signal,
  response,
  knownLimits,
  severity,
  when,
  needs,
  sign,
  options,
}: AnyDetector) {
  return [
    `**${title}.** ${scenario}`,
    `**Signal.** ${linked(signal)}`,
    `**What to do.** ${response}`,
    `**Known limits**\n\n${knownLimits.map((limit) => `- ${linked(limit)}`).join('\n')}`,
    [
      `Severity \`${severity}\``,
      `needs ${inOrder(needs)}`,
      ...(when === 'required' ? ['takes a rule under `when`'] : []),
      ...(sign ? [`a sign of ${sign.stage} that rests on ${sign.restsOn}`] : []),
    ].join(' · '),
    folded('Options', optionTable(options)),
  ].join('\n\n')
}

const sources = ['logs', 'calldata', 'state', 'traces'] as const
const inOrder = (needs: AnyDetector['needs']) => sources.filter((each) => needs.includes(each)).join(', ')

/** Who wants to know what a detector does need not scroll past what it can be told. */
const folded = (title: string, text: string) =>
  text.startsWith('|') ? `<details><summary>${title}</summary>\n\n${text}\n\n</details>` : text

/** Other detectors, by their names in back quotes, lead to their sections. */
const linked = (text: string) =>
  text.replace(/`([a-z-]+)`/g, (word, id) => (detectors.has(id) ? `[${id}](#${id})` : word))

const camelCase = (id: string) => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

test('the list names every detector, each in a dozen words', () => {
  const list = listOf([...detectors.values()])
  expect([...detectors.keys()].filter((id) => !list.includes(`[${id}](#${id})`))).toEqual([])
  expect([...detectors.values()].filter(({ title }) => title.split(' ').length > 12)).toEqual([])
})

test.each([...detectors.values()])('the manual of $id names only what there is', ({ signal, knownLimits, options }) => {
  const schema = JSON.stringify(z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }))
  const others: readonly string[] = [...detectors.keys(), ...severities, 'on', 'when']
  const isKnown = (word: string) => schema.includes(`"${word}"`) || others.includes(word)
  const named = [signal, ...knownLimits].join(' ').matchAll(/`([a-z][\w-]*)`/g)
  expect([...named].flatMap(([, word]) => (isKnown(word!) ? [] : [word]))).toEqual([])
})

test('every option has a meaning', () => {
  expect(reference).not.toMatch(/^\| `.*\| {2}\|$/m)
})

test.each(sections.map((section) => [idOf(section), section]))('shows how %s is put to work', (id, section) => {
  expect(section).toMatch(new RegExp(`^ {4}use: ${id}$`, 'm'))
})
