/**
 * Says what each monitor of tocsin.yaml must find in the recorded blocks, straight from the raw files and with none of
 * Tocsin's code. Prints JSON: monitor -> ["block:transactionHash:logIndex" or, for no log, "block:transactionHash:-"].
 * Block numbers are the recorded ones. Usage: TOCSIN_CORPUS=FOLDER node countFindings.mjs
 */
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const corpus = process.env.TOCSIN_CORPUS
const readAll = (folder) =>
  readdirSync(`${corpus}/${folder}`).map((file) => JSON.parse(gunzipSync(readFileSync(`${corpus}/${folder}/${file}`))))

const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const usdt = '0xdac17f958d2ee523a2206206994597c13d831ec7'
const weth = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const pair1 = '0x570febdf89c07f256c75686caca215289bb11cfc'
const pair2 = '0xb79e09543705a7ca4c03a2063e5a10797cc02037'
const universalRouter = '0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad'
const swapRouter = '0x7a250d5630b4cf539739df2c5dacb4c659f2488d'
const deposit = '0x7dcb03387e7b5f0d1bc984984622d50f9ca16bc5'
const wallet = '0x28c6c06298d514db089934071355e5743bf21d60'

const Transfer = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const Deposit = '0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c'
const Withdrawal = '0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65'
const Swap = '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822'
const Sync = '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1'
const transfer = '0xa9059cbb'
const approve = '0x095ea7b3'
const execute = '0x3593564c'

const receiptFiles = readAll('receipts')
const receipts = receiptFiles.flatMap((file) => file.receipts)
const logs = receipts.flatMap((receipt) => receipt.logs)
const transactions = [...receiptFiles.flatMap((file) => file.block ?? []), ...readAll('bodies')].flatMap(
  (block) => block.transactions,
)

/** The n-th 32-byte word, after the four bytes of the selector where there is one. */
const word = (data, n, skip = 0) => BigInt(`0x${data.slice(2 + 8 * skip + 64 * n, 66 + 8 * skip + 64 * n)}`)
const from = (emitters, topic) => (log) => emitters.includes(log.address) && log.topics[0] === topic
const to = (contract, selector) => (tx) => tx.to === contract && tx.input.startsWith(selector)

const ofLog = (log) => `${Number(log.blockNumber)}:${log.transactionHash}:${Number(log.logIndex)}`
const ofTransaction = (tx) => `${Number(tx.blockNumber)}:${tx.hash ?? tx.transactionHash}:-`
const order = (a, b) => Number(a.split(':')[0]) - Number(b.split(':')[0])
const events = (...tests) =>
  logs
    .filter((log) => tests.every((test) => test(log)))
    .map(ofLog)
    .sort(order)
const txs = (list, ...tests) =>
  list
    .filter((tx) => tests.every((test) => test(tx)))
    .map(ofTransaction)
    .sort(order)

const ether = 10n ** 18n
const usd = 10n ** 6n
const touches = (account) => (tx) => tx.from === account || tx.to === account
const over10Ether = (tx) => BigInt(tx.value) > 10n * ether

const expected = {
  'usdc-large-transfer': events(from([usdc], Transfer), (log) => word(log.data, 0) >= 10_000n * usd),
  'weth-large-deposit': events(from([weth], Deposit), (log) => word(log.data, 0) >= 5n * ether),
  'weth-large-withdrawal': events(from([weth], Withdrawal), (log) => word(log.data, 0) >= 5n * ether),
  'pair-swap': events(from([pair1, pair2], Swap)),
  'pair-sale': events(from([pair1, pair2], Swap), (log) => word(log.data, 3) > 0n),
  'pair-low-reserve': events(from([pair2], Sync), (log) => word(log.data, 1) < 30n * ether),
  'router-failed': txs(
    receipts,
    (receipt) => receipt.status === '0x0' && [universalRouter, swapRouter].includes(receipt.to),
  ),
  'deposit-native': txs(transactions, touches(deposit), over10Ether),
  'wallet-native': txs(transactions, touches(wallet), over10Ether),
  'usdt-large-transfer-call': txs(transactions, to(usdt, transfer), (tx) => word(tx.input, 1, 1) >= 10_000n * usd),
  'usdc-large-transfer-call': txs(transactions, to(usdc, transfer), (tx) => word(tx.input, 1, 1) >= 10_000n * usd),
  'usdt-unlimited-approval': txs(transactions, to(usdt, approve), (tx) => word(tx.input, 1, 1) === 2n ** 256n - 1n),
  'router-deadline-in-milliseconds': txs(
    transactions,
    to(universalRouter, execute),
    (tx) => word(tx.input, 2, 1) > 1_700_000_000_000n,
  ),
}

console.log(JSON.stringify(expected, null, 2))
