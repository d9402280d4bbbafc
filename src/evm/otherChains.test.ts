import { describe, expect, test } from 'vitest'
import { account } from '../../test/harness/node/block.ts'
import { word } from '../../test/harness/scene.ts'
import { parseBlock } from './parseBlock.ts'
import type { Raw } from './parseHex.ts'
import { parseReceipts } from './parseReceipts.ts'

const blockHash = word(0xb10c)
const signed = { nonce: '0x1', gasPrice: '0x5', v: '0x1b', r: word(1), s: word(2), chainId: '0x1' }
const unsigned = { nonce: '0x0', gasPrice: '0x0', v: '0x0', r: '0x0', s: '0x0' }

/** Transactions and receipts with the fields that each kind of chain documents, made up for this test. */
const kinds: [string, { transaction: Raw; receipt: Raw }][] = [
  [
    'a blob transaction',
    {
      transaction: {
        ...signed,
        type: '0x3',
        maxFeePerBlobGas: '0x7',
        blobVersionedHashes: [word(3)],
        accessList: [],
        yParity: '0x1',
      },
      receipt: { blobGasUsed: '0x20000', blobGasPrice: '0x1' },
    },
  ],
  [
    'an account that sets its code (EIP-7702)',
    {
      transaction: {
        ...signed,
        type: '0x4',
        authorizationList: [{ chainId: '0x1', address: account(9), nonce: '0x0', yParity: '0x0', r: '0x1', s: '0x2' }],
      },
      receipt: {},
    },
  ],
  [
    'a deposit of the OP stack',
    {
      transaction: {
        ...unsigned,
        type: '0x7e',
        sourceHash: word(4),
        mint: '0x38d7ea4c68000',
        isSystemTx: false,
        depositReceiptVersion: '0x1',
      },
      receipt: {
        depositNonce: '0x8f',
        depositReceiptVersion: '0x1',
        l1Fee: '0x0',
        l1GasPrice: '0x1',
        l1GasUsed: '0x0',
        l1FeeScalar: '0',
      },
    },
  ],
  [
    'a system deposit without nonce, signature and mint',
    {
      transaction: { type: '0x7e', sourceHash: word(4), isSystemTx: true, mint: null, nonce: null },
      receipt: { effectiveGasPrice: null, l1Fee: null, l1FeeScalar: null },
    },
  ],
  ...['0x64', '0x65', '0x66', '0x68', '0x69', '0x6a'].map((type): [string, { transaction: Raw; receipt: Raw }] => [
    `an Arbitrum transaction of type ${type}`,
    {
      transaction: { ...unsigned, type, requestId: word(5), ticketId: word(6), maxRefund: '0x0', refundTo: account(8) },
      receipt: { gasUsedForL1: '0x0', l1BlockNumber: '0x1234' },
    },
  ]),
  ...['0x71', '0xff'].map((type): [string, { transaction: Raw; receipt: Raw }] => [
    `a zkSync transaction of type ${type}`,
    {
      transaction: { ...unsigned, type, l1BatchNumber: '0x10', l1BatchTxIndex: null },
      receipt: {
        l1BatchNumber: null,
        l1BatchTxIndex: '0x0',
        l2ToL1Logs: [{ key: word(7), isService: true }],
        root: word(8),
      },
    },
  ]),
  [
    'a Celo transaction',
    {
      transaction: { ...signed, type: '0x7b', feeCurrency: account(7), gatewayFee: null, gatewayFeeRecipient: null },
      receipt: { baseFee: '0x5' },
    },
  ],
  [
    'a type that nobody knows',
    {
      transaction: { type: '0x5c', payload: { deep: [1, { er: null }] }, gasLimit: 21_000, from2: 7 },
      receipt: { outcome: ['odd'], logsBloom: null },
    },
  ],
]

function read({ transaction, receipt }: { transaction: Raw; receipt: Raw }, header: Raw = {}) {
  const place = { blockHash, blockNumber: '0x3', transactionHash: word(0xaa), transactionIndex: '0x0' }
  const block = parseBlock({
    number: '0x3',
    hash: blockHash,
    parentHash: word(0xb10b),
    timestamp: '0x65920080',
    l1BlockNumber: '0x1234',
    sendCount: '0x0',
    ...header,
    transactions: [
      {
        hash: word(0xaa),
        from: account(1),
        to: account(2),
        value: '0x5',
        input: '0xABCD',
        gas: '0x5208',
        ...transaction,
      },
    ],
  })
  const log = {
    address: account(2),
    topics: [word(0xdeadbeef)],
    data: '0xAB',
    logIndex: '0x0',
    l1BatchNumber: '0x1',
    ...place,
  }
  const whole = {
    ...place,
    from: account(1),
    to: account(2),
    status: '0x1',
    gasUsed: '0x5208',
    logs: [log],
    ...receipt,
  }
  return { block, ...parseReceipts([whole], block) }
}

describe('the reader', () => {
  test.each(kinds)('reads %s', (_, given) => {
    const { block, receipts, faults } = read(given)
    expect(faults).toEqual([])
    expect(block.transactions).toMatchObject([{ from: account(1), to: account(2), value: 5n, input: '0xabcd' }])
    expect(receipts).toMatchObject([
      { status: 'success', gasUsed: 21_000n, logs: [{ address: account(2), data: '0xab' }] },
    ])
  })

  test('takes a block without a bloom for one that rules nothing out', () => {
    const { block } = read(kinds[0]![1], { logsBloom: null })
    expect(BigInt(block.logsBloom)).toBe(0n)
    expect(block.logsBloom).toHaveLength(2 + 512)
  })

  test('reads digits in upper case as the same', () => {
    const upper = '0xA1CE'.padEnd(42, 'F')
    const { block } = read({ transaction: { from: upper, hash: `0x${'AA'.padStart(64, '0')}` }, receipt: {} })
    expect(block.transactions[0]?.from).toBe(upper.toLowerCase())
  })

  test.each(['hash', 'from'])('refuses a transaction without its %s, which we judge by', (field) => {
    expect(() => read({ transaction: { [field]: null }, receipt: {} })).toThrow('A provider gave null')
  })
})
