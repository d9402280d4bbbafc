import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { optionTable, regenerate } from '../../test/harness/reference.ts'
import { detectors } from './index.ts'

const path = 'docs/reference/detectors.md'
const reference = readFileSync(path, 'utf8')
const sections = reference.match(/^## [\w-]+$.*?(?=^## |$(?![\s\S]))/gms) ?? []
const idOf = (section: string) => /^## ([\w-]+)/.exec(section)?.[1]

/** To write them anew after a manual or an option has changed: vitest with `-u`. */
test('the manuals and option tables of the reference are those of the detectors', async () => {
  const generated = regenerate(reference, detectors.keys(), (id) => {
    const { title, scenario, response, severity, when, needs, options, sign } = detectors.get(id)!
    const rule = when === 'required' ? ' Takes a rule under `when`.' : ''
    return [
      `**${title}.** ${scenario}`,
      `**What to do.** ${response}`,
      `Severity \`${severity}\`. Needs ${needs.join(', ')}.${rule}${sign ? ` A sign of ${sign.stage} that rests on ${sign.restsOn}.` : ''}`,
      optionTable(options),
    ].join('\n\n')
  })
  await expect(generated).toMatchFileSnapshot(`../../${path}`)
})

test('the list at the head of the reference names every detector', () => {
  const head = reference.slice(0, reference.indexOf('\n## '))
  expect([...detectors.keys()].filter((id) => !head.includes(`[${id}](#${id})`))).toEqual([])
})

test('every option has a meaning', () => {
  expect(reference).not.toMatch(/\| {2}\|$/m)
})

test.each(sections.map((section) => [idOf(section), section]))('shows how %s is put to work', (id, section) => {
  expect(section).toMatch(new RegExp(`^ {4}use: ${id}$`, 'm'))
})
