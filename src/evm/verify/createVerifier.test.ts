import { describe, expect, test } from 'vitest'
import { filesOf, hasCorpus, readCorpus } from '../../../test/harness/corpus.ts'
import { account, block, log, tx } from '../../../test/harness/node/block.ts'
import type { RpcBlock, RpcReceipt } from '../../../test/harness/node/rpcTypes.ts'
import { sealHeader } from '../../../test/harness/node/sealHeader.ts'
import { createVerifier, type Flaw } from './createVerifier.ts'

const vault = account(0x7a)
const served = block({
  transactions: [tx({ logs: [log({ address: vault, data: '0x01' })] }), tx({ status: 'reverted' })],
})
const { receipts } = served
const header = sealHeader({ ...served, ...headOf(served.block), salt: '' })
const root = header.receiptsRoot

function headOf({ transactionsRoot, receiptsRoot, logsBloom, gasUsed }: RpcBlock) {
  return { transactionsRoot, receiptsRoot, logsBloom, gasUsed }
}

/** One that has seen a true header and true receipts of this chain. */
async function learned() {
  const verifier = createVerifier()
  expect(verifier.header(header)).toBe('proved')
  expect(await verifier.receipts(receipts, root)).toBe('proved')
  return verifier
}

describe('a header', () => {
  test('is proved by its hash', async () => {
    expect((await learned()).status()).toEqual({ header: true, transactions: null, receipts: true })
  })

  test.each(Object.keys(header).filter((name) => name !== 'hash'))(
    'that was changed in its %s is a lie',
    async (name) => {
      const value = header[name as keyof typeof header]!
      const changed = {
        ...header,
        [name]: value === '0x' ? '0x01' : `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`,
      }
      expect((await learned()).header(changed)).toMatchObject({ aspect: 'header', certain: true })
    },
  )

  test('that lacks a field hides something', async () => {
    const { mixHash: _, ...rest } = header
    expect((await learned()).header(rest)).toMatchObject({ certain: true })
  })

  test('with a field that is new to us may be of a fork: it is no lie, and counts as unverified', async () => {
    const verifier = await learned()
    const flaw = verifier.header({ ...header, fieldOfTheNextFork: '0x1', hash: `0x${'12'.repeat(32)}` })
    expect(flaw).toMatchObject({ aspect: 'header', certain: false })
    expect(verifier.concede(flaw as Flaw)).toBe(true)
    expect(verifier.status().header).toBe(false)
    expect(verifier.header({ ...header, hash: `0x${'13'.repeat(32)}` })).toMatchObject({ certain: true })
  })

  test('of a chain that hashes in its own way is taken once nobody gives another, and counts as unverified', () => {
    const verifier = createVerifier()
    const flaw = verifier.header({ ...header, extra: '0x12', hash: `0x${'12'.repeat(32)}` })
    expect(flaw).toMatchObject({ aspect: 'header', certain: false })
    expect(verifier.concede(flaw as Flaw)).toBe(true)
    expect(verifier.status().header).toBe(false)
    expect(verifier.header({ ...header, hash: `0x${'13'.repeat(32)}` })).toBe('unproved')
    expect(verifier.header(header)).toBe('proved')
    expect(verifier.status().header).toBe(true)
    expect(verifier.header({ ...header, hash: `0x${'13'.repeat(32)}` })).toMatchObject({ certain: true })
  })

  test('must hold from the first on where the config says always, and is not looked at where it says never', async () => {
    const wrong = { ...header, hash: `0x${'12'.repeat(32)}` }
    const flaw = createVerifier({ mode: 'always' }).header(wrong)
    expect(flaw).toMatchObject({ certain: true })
    expect(createVerifier({ mode: 'always' }).concede(flaw as Flaw)).toBe(false)
    const otherRoot = await createVerifier({ mode: 'always' }).receipts(receipts.slice(1), root)
    expect(otherRoot).toMatchObject({ aspect: 'receipts', certain: true })
    expect(createVerifier({ mode: 'always' }).concede(otherRoot as Flaw)).toBe(true)
    const never = createVerifier({ mode: 'never' })
    expect(never.header(wrong)).toBe('unproved')
    expect(never.status()).toEqual({ header: false, transactions: false, receipts: false })
  })

  test('may have fields that the config names', () => {
    const verifier = createVerifier({ mode: 'always', headerFields: ['#milliseconds', 'proof'] })
    const { hash: _, ...plain } = header
    expect(verifier.header({ ...plain, hash: header.hash })).toBe('proved')
    expect(verifier.header({ ...header, milliseconds: '0x10', proof: `0x${'ab'.repeat(32)}` })).not.toBe('proved')
  })
})

describe('receipts', () => {
  const changes: [string, (own: RpcReceipt[]) => unknown][] = [
    ['a log with other data', ([one, ...rest]) => [{ ...one, logs: [{ ...one!.logs[0]!, data: '0x02' }] }, ...rest]],
    ['a log less', ([one, ...rest]) => [{ ...one, logs: [] }, ...rest]],
    ['another status', ([one, two]) => [one, { ...two, status: '0x1' }]],
    ['another order', (own) => own.toReversed()],
    ['one less', (own) => own.slice(1)],
  ]
  test.each(changes)('with %s are a lie', async (_, change) => {
    expect(await (await learned()).receipts(change(receipts), root)).toMatchObject({
      aspect: 'receipts',
      certain: true,
    })
  })

  test('of a type that nobody knows are taken once nobody gives others, and what is known must still hold', async () => {
    const verifier = await learned()
    const strange = receipts.map((receipt) => ({ ...receipt, type: '0x71' }))
    const flaw = await verifier.receipts(strange, root)
    expect(flaw).toMatchObject({ aspect: 'receipts', certain: false })
    expect(verifier.concede(flaw as Flaw)).toBe(true)
    expect(verifier.status().receipts).toBe(false)
    expect(await verifier.receipts(receipts.slice(1), root)).toMatchObject({ certain: true })
  })
})

describe('what no node would give is judged without a throw', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`)
  const values = [deep, { toString: 1, valueOf: 1 }, [], 7, true]
  const whole = { ...header, transactions: served.block.transactions }

  test.each(values.map((value) => ({ value })))('kind %#', async ({ value }) => {
    const verifier = createVerifier()
    expect(await verifier.block({ ...whole, hash: value, number: value })).toMatchObject({ aspect: 'header' })
    const typed = served.block.transactions.map((transaction) => ({ ...transaction, type: value }))
    expect(await verifier.block({ ...whole, transactions: typed })).toMatchObject({
      aspect: 'transactions',
      certain: false,
    })
    const strange = receipts.map((receipt) => ({ ...receipt, type: value, blockNumber: value }))
    expect(await verifier.receipts(strange, root)).toMatchObject({ aspect: 'receipts', certain: false })
  })
})

describe.skipIf(!hasCorpus)('recorded mainnet', () => {
  test.each(hasCorpus ? filesOf('bodies') : [])('header and transactions of %s are proved', async (file) => {
    const verifier = createVerifier({ mode: 'always' })
    const raw = readCorpus<RpcBlock>(file)
    expect(await verifier.block(raw)).toBe('proved')
    expect(verifier.status()).toMatchObject({ header: true, transactions: true })
    const [first, ...others] = raw.transactions
    const bent = { ...raw, transactions: [{ ...first!, value: '0x1234' }, ...others] }
    expect(await verifier.block(bent)).toMatchObject({ aspect: 'transactions', certain: true })
    expect(await verifier.block({ ...raw, transactions: others })).toMatchObject({ aspect: 'transactions' })
  })

  test('block 18,000,000 is proved with its receipts', async () => {
    const { block: raw, receipts } = readCorpus<{ block: RpcBlock; receipts: RpcReceipt[] }>(
      'receipts/18000000.json.gz',
    )
    const verifier = createVerifier({ mode: 'always' })
    expect(await verifier.block(raw)).toBe('proved')
    expect(await verifier.receipts(receipts, raw.receiptsRoot)).toBe('proved')
    expect(verifier.status()).toEqual({ header: true, transactions: true, receipts: true })
  })
})
