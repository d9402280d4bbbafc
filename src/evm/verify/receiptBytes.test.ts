import fc from 'fast-check'
import { concatHex, toHex, toRlp } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { orderedRoot, quantity, receiptsRoot } from '../../../test/harness/node/receiptsRoot.ts'
import type { Hex } from '../../model/chain.ts'
import type { Raw } from '../parseHex.ts'
import { hashDigits } from './hashDigits.ts'
import { receiptBytes } from './receiptBytes.ts'

const bloom = `0x${'00'.repeat(256)}` as const
const address = `0x${'a1'.repeat(20)}` as const
const topic = `0x${'70'.repeat(32)}` as const
const log = { address, topics: [topic], data: '0x1234', logIndex: '0x0', removed: false }
const plain = { type: '0x2', status: '0x1', cumulativeGasUsed: '0x5208', logsBloom: bloom, logs: [log], from: address }
const logItems = [[address, [topic], '0x1234']] as const
const fields: readonly (Hex | typeof logItems)[] = ['0x01', '0x5208', bloom, logItems]

const encoded = (raw: Raw): Hex | null => {
  const bytes = receiptBytes(raw)
  return bytes === null ? null : `0x${bytes}`
}

const blob = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => toHex(bytes))
const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes))
const anyReceipt = fc.record({
  type: fc.constantFrom('0x0', '0x1', '0x2', '0x3', '0x4', '0x64', '0x6a', '0x7e'),
  status: fc.constantFrom('0x0', '0x1'),
  cumulativeGasUsed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((gas) => toHex(gas)),
  logsBloom: fixed(256),
  logs: fc.array(fc.record({ address: fixed(20), topics: fc.array(fixed(32), { maxLength: 4 }), data: blob(400) }), {
    maxLength: 8,
  }),
})

test('encodes as viem does, whatever is in the receipt', () => {
  fc.assert(
    fc.property(anyReceipt, ({ type, status, cumulativeGasUsed, logsBloom, logs }) => {
      const items = logs.map((one) => [one.address, one.topics, one.data])
      const body = toRlp([quantity(BigInt(status)), quantity(BigInt(cumulativeGasUsed)), logsBloom, items])
      const expected = type === '0x0' ? body : concatHex([quantity(BigInt(type)), body])
      expect(encoded({ type, status, cumulativeGasUsed, logsBloom, logs })).toBe(expected)
    }),
  )
})

describe.skipIf(!hasCorpus)('the recorded blocks', () => {
  test('have the root that their header carries, or that the slow trie gives', () => {
    for (const { number, block, receipts } of corpusReceiptBlocks()) {
      const root = orderedRoot(receipts.map((receipt) => encoded(receipt)!))
      expect([number, root]).toEqual([number, block.receiptsRoot])
      expect(root).toBe(receiptsRoot(receipts))
    }
  })
})

test('puts the state root of a block before Byzantium where others have the status', () => {
  const root = `0x${'57'.repeat(32)}` as const
  const { status: _, ...before } = { ...plain, type: '0x0', root }
  expect(encoded(before)).toBe(toRlp([root, ...fields.slice(1)]))
  expect(encoded({ ...before, status: null })).toBe(encoded(before))
  const { type: __, ...untyped } = before
  expect(encoded(untyped)).toBe(encoded(before))
})

test('believes the status where a node gives a state root beside it', () => {
  expect(encoded({ ...plain, root: '0x' })).toBe(encoded(plain))
})

describe('a deposit of an OP chain', () => {
  const deposit = { ...plain, type: '0x7e', depositNonce: '0x8f', l1Fee: '0x0' }

  test('has its nonce and version since Canyon', () => {
    const expected = concatHex(['0x7e', toRlp([...fields, '0x8f', '0x01'])])
    expect(encoded({ ...deposit, depositReceiptVersion: '0x1' })).toBe(expected)
  })

  test('has neither before, though the node names the nonce', () => {
    expect(encoded(deposit)).toBe(concatHex(['0x7e', toRlp(fields)]))
  })

  test('is unknown with a version and no nonce, which clients write in two ways', () => {
    expect(encoded({ ...plain, type: '0x7e', depositReceiptVersion: '0x1' })).toBeNull()
  })
})

test.each(['0x5', '0x5c', '0x67', '0x71', '0x78', '0x7b', '0xff', '0x100', 'legacy'])(
  'has no bytes for the type %s',
  (type) => {
    expect(encoded({ ...plain, type })).toBeNull()
  },
)

test.each(['status', 'cumulativeGasUsed', 'logsBloom', 'logs'])('has no bytes where %s was left out', (name) => {
  expect(encoded({ ...plain, [name]: undefined })).toBeNull()
  expect(encoded({ ...plain, [name]: null })).toBeNull()
})

test('has no bytes for what nobody sent: the state sync of Polygon', () => {
  expect(encoded({ ...plain, type: '0x0', from: `0x${'00'.repeat(20)}` })).toBeNull()
})

test.each<Raw>([
  { status: 1 },
  { status: '1' },
  { cumulativeGasUsed: '0xzz' },
  { logsBloom: '0x123' },
  { logs: 'none' },
  { logs: [null] },
  { logs: [{ address, data: '0x' }] },
  { logs: [{ address, topics: [topic, 7], data: '0x' }] },
])('refuses %o', (change) => {
  expect(() => hashDigits(receiptBytes({ ...plain, ...change })!)).toThrow('A provider gave')
})
