import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../test/harness/corpus.ts'
import { logsBloom } from '../../test/harness/node/logsBloom.ts'
import type { Hex, Log } from '../model/chain.ts'
import { bloomBits, explainsBloom, mayContain } from './bloom.ts'

const bytes = (hex: Hex) => Buffer.from(hex.slice(2), 'hex')
const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)
const logs = fc.array(fc.record({ address: hexOf(20), topics: fc.array(hexOf(32), { maxLength: 4 }) }), {
  maxLength: 12,
})
const whole = (some: { address: Hex; topics: Hex[] }[]): Log[] =>
  some.map((log, logIndex) => ({
    ...log,
    data: '0x',
    logIndex,
    position: 0,
    transactionHash: '0x',
    transactionIndex: 0,
  }))

describe('a bloom', () => {
  test('never rules out what is in it', () => {
    fc.assert(
      fc.property(logs, (some) => {
        const bloom = bytes(logsBloom(some))
        for (const value of some.flatMap(({ address, topics }) => [address, ...topics])) {
          expect(mayContain(bloom, bloomBits(value))).toBe(true)
        }
      }),
    )
  })

  test('is explained by its own logs, and by more', () => {
    fc.assert(
      fc.property(logs, logs, (some, more) => {
        expect(explainsBloom(bytes(logsBloom(some)), whole([...more, ...some]))).toBe(true)
      }),
    )
  })

  test('rules out what is not in it, and misses a log that is kept back', () => {
    const kept = { address: `0x${'11'.repeat(20)}`, topics: [`0x${'22'.repeat(32)}`] } satisfies Partial<Log>
    const back = { address: `0x${'33'.repeat(20)}`, topics: [] } satisfies Partial<Log>
    const bloom = bytes(logsBloom([kept, back]))
    expect(mayContain(bloom, bloomBits(`0x${'44'.repeat(20)}`))).toBe(false)
    expect(explainsBloom(bloom, whole([kept]))).toBe(false)
  })

  test('proves nothing where every bit is set', () => {
    expect(explainsBloom(Buffer.alloc(256, 0xff), [])).toBe(true)
    expect(explainsBloom(Buffer.alloc(256), [])).toBe(true)
  })

  test.skipIf(!hasCorpus)('of every recorded block is what its logs say', () => {
    for (const { block, receipts } of corpusReceiptBlocks()) {
      const own = whole(receipts.flatMap((receipt) => receipt.logs))
      const bloom = bytes(block.logsBloom)
      expect(explainsBloom(bloom, own)).toBe(true)
      expect(own.every(({ address }) => mayContain(bloom, bloomBits(address)))).toBe(true)
    }
  })
})
