import fc from 'fast-check'

/** JSON text in the place of one value, written out where that cannot be held as a value. */
type Written = { text: string }

const nested = (depth: number, open: string, close: string): Written => ({
  text: `${open.repeat(depth)}1${close.repeat(depth)}`,
})
const written = (text: string): Written => ({ text })

/** What somebody may answer who wants to break whoever reads it. */
const hostile: fc.Arbitrary<Written> = fc.oneof(
  fc
    .constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e308,
      2 ** 53,
      '',
      '0x',
      '0x0',
      '0X1',
      '0x00',
      '0xg0',
      '0x123',
      '-0x1',
      ' 0x1',
      'latest',
      [],
      {},
      [[]],
      [null],
      '\u0000',
      '\ud800',
      '\u202e',
      '__proto__',
    )
    .map((value) => written(JSON.stringify(value))),
  fc
    .constantFrom(
      '{"__proto__":{"number":"0x1"}}',
      '{"__proto__":null}',
      '{"constructor":{"prototype":{"hash":1}}}',
      '{"toString":1,"valueOf":1}',
      '{"toJSON":1}',
      '{"length":3,"0":1}',
      '1e999',
      '-1e999',
      '"\\u0000\\uffff"',
    )
    .map(written),
  fc.constantFrom(nested(20_000, '[', ']'), nested(20_000, '{"a":', '}'), nested(3, '[', ']')),
  fc.nat(70).map((digits) => written(`"0x${'f'.repeat(digits)}"`)),
  fc.constantFrom(41, 64, 65, 513, 20_000).map((digits) => written(`"0x${'a'.repeat(digits)}"`)),
  fc.nat(3000).map((length) => written(`[${Array(length).fill('"0x1"').join(',')}]`)),
  fc.jsonValue().map((value) => written(JSON.stringify(value))),
)

type Edit = { at: number; to: number; kind: 'replace' | 'remove' | 'repeat' | 'swap' | 'add'; value: Written }
type Slot = { holder: Record<string, unknown> | unknown[]; key: string | number }

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  to: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'repeat', 'swap', 'add'),
  value: hostile,
})
const mark = (place: number) => `@written ${place}@`

/** The text of an answer in which a few values are not what they should be; now and then the text itself is damaged. */
export function mutations(answers: readonly unknown[]): fc.Arbitrary<string> {
  const cut = fc.option(fc.record({ at: fc.nat(), length: fc.nat(5), put: fc.string({ maxLength: 3 }) }), { freq: 12 })
  return fc
    .tuple(fc.constantFrom(...answers), fc.array(edit, { minLength: 1, maxLength: 4 }), cut)
    .map(([answer, edits, damage]) => {
      const text = edits.reduce(
        (text, { value }, place) => {
          return text.replaceAll(`"${mark(place)}"`, () => value.text)
        },
        mutate(answer, edits),
      )
      if (damage === null) return text
      const at = damage.at % (text.length + 1)
      return text.slice(0, at) + damage.put + text.slice(at + damage.length)
    })
}

function mutate(answer: unknown, edits: readonly Edit[]): string {
  const root = { answer: structuredClone(answer) }
  for (const [place, { at, to, kind }] of edits.entries()) {
    const slots = slotsOf(root)
    if (slots.length === 0) break
    const [{ holder, key }, other] = [slots[at % slots.length]!, slots[to % slots.length]!]
    if (kind === 'replace') put(holder, key, mark(place))
    else if (kind === 'add') put(holder, Array.isArray(holder) ? holder.length : '__proto__', mark(place))
    else if (kind === 'swap') put(holder, key, structuredClone(Reflect.get(other.holder, other.key)))
    else if (kind === 'repeat' && Array.isArray(holder)) holder.splice(Number(key), 0, holder[Number(key)])
    else if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else Reflect.deleteProperty(holder, key)
  }
  return JSON.stringify(root.answer) ?? 'null'
}

/** Sets even `__proto__` as a plain field, as `JSON.parse` does. */
function put(holder: Slot['holder'], key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Every place in a value where another might stand. */
function slotsOf(value: unknown): Slot[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Slot['holder']
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...slotsOf(inner)])
}
