import { plainText } from '../../lib/plainText.ts'
import type { Address } from '../../model/chain.ts'
import { describeFacts } from '../facts/describeFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Pointer } from '../facts/pointersOf.ts'

/** All in pixels. */
const box = { width: 290, height: 66 }
const gap = { x: 130, y: 16 }
const margin = 24
const top = 84
/** Letters that fit into a box. */
const lettersMax = 42
const whyMax = 600

const kinds: Record<Pointer['kind'], { colour: string; words: string }> = {
  power: { colour: '#b3261e', words: 'to who has power over it' },
  value: { colour: '#1b6b3a', words: 'to what it is worth or priced by' },
  use: { colour: '#6b6b6b', words: 'to what it uses' },
}
const gravest = ['power', 'value', 'use'] as const

type Place = { contract: NamedFacts; column: number; x: number; y: number }
type Arrow = { from: Place; to: Place; kind: Pointer['kind']; why: string }

/** A picture (SVG) of what was found: what is protected at the left, what it names at the right of it, and why. */
export function drawMap(contracts: readonly NamedFacts[], { chain, block }: { chain: string; block: number }): string {
  const columns = columnsOf(contracts)
  const places = columns.flatMap((column, index) =>
    column.map((contract, row): Place => ({ contract, column: index, ...cornerOf(index, row) })),
  )
  const byAddress = new Map(places.map((place) => [place.contract.facts.address, place]))
  const arrows = places.flatMap((to) => arrowsTo(to, byAddress))
  const width = Math.max(1, columns.length) * (box.width + gap.x) - gap.x + 2 * margin
  const height = top + Math.max(...columns.map(({ length }) => length), 1) * (box.height + gap.y) + margin
  const title = `What is watched on ${escaped(chain)}, and what it relies on, at block ${block}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${margin}" y="34" font-size="16" font-weight="600">${title}</text>`,
    ...gravest.flatMap(legend),
    ...arrows.map(drawArrow),
    ...places.map(drawPlace),
    '</svg>',
    '',
  ].join('\n')
}

/** By how many steps each is away; within a column near those that name it. */
function columnsOf(contracts: readonly NamedFacts[]): NamedFacts[][] {
  const columns = [contracts.filter(({ role }) => role === 'protected')]
  let left = contracts.filter(({ role }) => role === 'dependency')
  while (left.length > 0) {
    const rows = new Map(columns.at(-1)!.map(({ facts }, row) => [facts.address, row]))
    const rowsOf = ({ pointers }: NamedFacts) => pointers.flatMap(({ from }) => rows.get(from) ?? [])
    const mean = (contract: NamedFacts) => {
      const own = rowsOf(contract)
      return own.reduce((sum, row) => sum + row, 0) / own.length
    }
    const named = left.filter((each) => rowsOf(each).length > 0)
    // What nobody names stands at the end.
    columns.push(named.length > 0 ? named.toSorted((a, b) => mean(a) - mean(b)) : left)
    left = named.length > 0 ? left.filter((each) => !named.includes(each)) : []
  }
  return columns
}

const cornerOf = (column: number, row: number) => ({
  x: margin + column * (box.width + gap.x),
  y: top + row * (box.height + gap.y),
})

/** One for each that names it, of the gravest kind. */
function arrowsTo(to: Place, places: ReadonlyMap<Address, Place>): Arrow[] {
  return [...Map.groupBy(to.contract.pointers, ({ from }) => from)].flatMap(([address, pointers]) => {
    const from = places.get(address)
    const kind = gravest.find((each) => pointers.some((pointer) => pointer.kind === each))
    if (!from || !kind || from === to) return []
    const where = [...new Set(pointers.map((each) => each.where))].join(', ')
    return [{ from, to, kind, why: `${from.contract.name} names ${to.contract.name}: ${where}` }]
  })
}

function drawArrow({ from, to, kind, why }: Arrow): string {
  const isBackwards = to.column < from.column
  const start = { x: from.x + (isBackwards ? 0 : box.width), y: from.y + box.height / 2 }
  const end = { x: to.x + (to.column > from.column ? 0 : box.width), y: to.y + box.height / 2 }
  const [out, into] = [isBackwards ? -gap.x / 2 : gap.x / 2, to.column > from.column ? -gap.x / 2 : gap.x / 2]
  const path = `M${start.x} ${start.y}C${start.x + out} ${start.y} ${end.x + into} ${end.y} ${end.x} ${end.y}`
  const { colour } = kinds[kind]
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5" marker-end="url(#${kind})"><title>${escaped(why)}</title></path>`
}

function drawPlace({ contract, x, y }: Place): string {
  const { name, role, facts, pointers } = contract
  const lines = [
    { text: name, style: 'font-weight="600" font-size="14"' },
    { text: describeFacts(facts), style: 'fill="#333"' },
    { text: facts.address, style: 'fill="#666" font-family="monospace" font-size="10.5"' },
  ]
  const texts = lines.map(
    ({ text, style }, row) =>
      `<text x="${x + 10}" y="${y + 20 + row * 18}" ${style}>${escaped(plainText(text, lettersMax))}</text>`,
  )
  const named = pointers.map(({ where }) => where).join(', ')
  const why = `${name} ${facts.address}: ${describeFacts(facts)}${named ? `. Named in ${named}` : ''}`
  const look =
    role === 'protected' ? 'fill="#eef4ff" stroke="#1f4fa3" stroke-width="2"' : 'fill="#fafafa" stroke="#999"'
  return `<g><title>${escaped(why)}</title><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" ${look}/>${texts.join('')}</g>`
}

function legend(kind: Pointer['kind'], place: number): string[] {
  const { colour, words } = kinds[kind]
  const x = margin + place * 250
  return [
    `<marker id="${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`,
    `<path d="M${x} 58H${x + 36}" stroke="${colour}" stroke-width="1.5" marker-end="url(#${kind})"/><text x="${x + 44}" y="62">${words}</text>`,
  ]
}

/** Symbols and descriptions are strangers' words. */
function escaped(text: string): string {
  const harmless = plainText(text, whyMax)
  return harmless.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
