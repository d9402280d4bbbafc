import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../model/finding.ts'
import { decimalShape, hexShape, remembered } from './remembered.ts'

const rows = remembered(z.array(z.object({ who: hexShape, amount: decimalShape, told: z.boolean().nullable() })))
const read = (value: Json) => rows(new Map([['rows', value]]), 'rows')
const row = { who: '0x00ff', amount: '-12', told: null }

describe('a row of the memory', () => {
  test('comes back as it was written, the very same', () => {
    const written = [row]
    const memory = new Map<string, Json>([['rows', written]])
    expect(rows(memory, 'rows')).toBe(written)
    expect(rows(memory, 'rows')).toBe(written)
    expect(rows(memory, 'other')).toBeUndefined()
  })

  test('may have fields that a newer version wrote', () => {
    expect(read([{ ...row, since: 5 }])).toEqual([{ ...row, since: 5 }])
  })

  test.each([
    ['no list', { 0: row }],
    ['a text', 'rows'],
    ['nothing', null],
    ['a row without a field', [row, { who: '0x00', amount: '5' }]],
    ['a field of another type', [{ ...row, told: 'yes' }]],
    ['a number as it is not kept', [{ ...row, amount: 5 }]],
    ['no integer', [{ ...row, amount: '5.5' }]],
    ['a number that would take a second to read', [{ ...row, amount: '9'.repeat(101) }]],
    ['no address', [{ ...row, who: 'ff' }]],
    ['an address in capitals, which nothing would find', [{ ...row, who: '0xFF' }]],
  ] as [string, Json][])('is not mis-read: %s', (_, value) => {
    expect(() => read(value)).toThrow('What it remembered under "rows" is not of the shape in which it is kept')
  })
})
