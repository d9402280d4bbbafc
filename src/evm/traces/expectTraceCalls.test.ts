import { expect, test } from 'vitest'
import type { Interest } from '../../model/detector.ts'
import { expectTraceCalls } from './expectTraceCalls.ts'

const of = (...interests: Interest[]) => ({ interests })
const touching = of({ kind: 'call', addresses: ['0xaa'], internal: 'touching' })
const all = of({ kind: 'transaction', touching: ['0xaa'], traces: 'all' })
const none = of({ kind: 'call', addresses: ['0xaa'] }, { kind: 'transaction', touching: ['0xaa'] }, { kind: 'log' })

test('traces cost only where a monitor wants some, and the whole block where one wants all', () => {
  expect(expectTraceCalls([none], 1)).toEqual({})
  expect(expectTraceCalls([none, touching], 0.5)).toEqual({ debug_traceTransaction: 2 })
  expect(expectTraceCalls([touching, all, none], 0.5)).toEqual({ debug_traceBlockByHash: 0.5 })
})
