import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../model/finding.ts'
import { plainFacts } from './plainFacts.ts'

test('keeps plain data as it is', () => {
  const facts = { text: 'ok', number: 5, not: false, nothing: null, list: [1, ['a']], object: { a: { b: 'c' } } }
  expect(plainFacts(facts)).toEqual(facts)
})

test('bounds numbers, depth and length', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, number) => [`fact ${number}`, number]))
  expect(Object.keys(plainFacts(many))).toHaveLength(64)
  let deep: Json = 'bottom'
  for (let depth = 0; depth < 5000; depth++) deep = [deep]
  const shown = JSON.stringify(plainFacts({ deep, long: 'x'.repeat(100_000), list: Array(1000).fill(1), many }))
  expect(shown).toContain('…')
  expect(shown).toContain('… and 936 more')
  expect(shown.length).toBeLessThan(5000)
})

test('makes text of what is no plain data', () => {
  const odd = { big: 2n ** 70n, not: Number.NaN, missing: undefined, when: new Date(0), fn: () => 1 }
  const facts = plainFacts(odd as never)
  expect(facts).toMatchObject({ big: '1180591620717411303424', not: 'NaN', missing: 'undefined' })
  expect(() => JSON.stringify(facts)).not.toThrow()
})

test('takes anything, and gives what every database takes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })), (facts) => {
      const plain = JSON.stringify(plainFacts(facts as Record<string, Json>))
      expect(plain).not.toMatch(/\\u0000|\\ud[89a-f]/i)
    }),
  )
  expect(plainFacts(JSON.parse('{"__proto__": {"a": 1}}'))).toEqual(JSON.parse('{"__proto__": {"a": 1}}'))
})
