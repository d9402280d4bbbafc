import { toFunctionSelector } from 'viem/utils'
import { endsOf, isOddTransfer, isUnwrapping, topicOf } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { numberOf, readAmount, tokenBalance } from '../../tokens/balances.ts'
import type { TokenLabel, tokenBook } from '../../tokens/tokenBook.ts'
import type { StreamLog } from './streamForms.ts'

type View = Pick<Observation, 'block'>
type Book = ReturnType<typeof tokenBook>

/** What a stream takes of what its payer has, in base units of the token. */
export type Stake = {
  token: Address
  label: TokenLabel
  /** The deposit, or what flows within the days that are judged. */
  amount: bigint
  /** What flows in a day. */
  perDay: bigint | null
  /** What the payer has of it, and what of it lies in the contract already. */
  held: bigint
  /** Balances show it, as the token tells them: of the payer, or of the contract that says it holds his money. */
  isBorne: boolean
}

const daySeconds = 86_400
const question = (to: Address, data: Hex, at: Read['at'] = 'block'): Read => ({ kind: 'call', at, to, data })
const argument = (value: Address | number) =>
  typeof value === 'number' ? value.toString(16).padStart(64, '0') : topicOf(value).slice(2)

const tokenOfAll = ({ log }: StreamLog) => question(log.address, '0xfc0c546a')
/** What one stream of Sablier Flow is paid in, where its event does not say. */
const tokenOfOne = ({ log, streamId }: StreamLog) =>
  question(log.address, `${toFunctionSelector('getToken(uint256)')}${BigInt(streamId!).toString(16).padStart(64, '0')}`)
const laidDown = ({ log, payer }: StreamLog) =>
  question(log.address, `${toFunctionSelector('getPayerBalance(address)')}${argument(payer)}`)
/** What a Superfluid token says that the payer will have: an `int256` first. */
const hasAt = (token: Address, payer: Address, time: number) =>
  question(token, `${toFunctionSelector('realtimeBalanceOf(address,uint256)')}${argument(payer)}${argument(time)}`)

/** Of what a payer sent in one transaction, and of what the config names. */
const candidatesMax = 16

/** The tokens that a stream may be paid in. */
function candidatesOf(stream: StreamLog, view: View, named: readonly Address[]): Address[] {
  if (stream.token) return [stream.token]
  const sent = sentBy(stream, view).map(({ address }) => address)
  return [...new Set([...sent, ...named])].slice(0, candidatesMax)
}

/** What tokens say that the payer sent in the transaction. */
function sentBy({ log, payer }: StreamLog, { block }: View): Log[] {
  const logs = block.receipts?.[log.transactionIndex]?.logs ?? []
  return logs.filter((each) => !isOddTransfer(each) && !isUnwrapping(each) && endsOf(each)?.from === topicOf(payer))
}

/** Of a new rate nothing is sent that would tell the token. */
const isAskedAlone = ({ system, token, rate, streamId }: StreamLog) =>
  system === 'Sablier Flow' && token === null && rate !== null && streamId !== null

export function readsOfStake(
  stream: StreamLog,
  view: View,
  { named, book }: { named: readonly Address[]; book: Book },
): Read[] {
  const { payer, system } = stream
  const { timestamp } = view.block
  return [
    ...candidatesOf(stream, view, named).flatMap((token) => [
      ...book.reads(token),
      tokenBalance(token, payer, 'parent'),
      tokenBalance(token, payer, 'block'),
      ...(system === 'LlamaPay' ? [tokenBalance(token, stream.log.address, 'block')] : []),
      ...(system === 'Superfluid' ? [timestamp, timestamp + daySeconds].map((at) => hasAt(token, payer, at)) : []),
    ]),
    ...(system === 'LlamaPay' ? [tokenOfAll(stream), laidDown(stream)] : []),
    ...(isAskedAlone(stream) ? [tokenOfOne(stream)] : []),
  ]
}

/** Why it could not be told, where that is so. Its reads must have been asked. */
export function stakeOf(
  stream: StreamLog,
  observation: Observation,
  { named, book, days }: { named: readonly Address[]; book: Book; days: number },
): Stake | { blind: string } {
  const { payer, system, deposit, rate } = stream
  const token = tokenOf(stream, observation, named)
  if (!token)
    return { blind: 'the token that it is paid in is not known: add it under contracts: with its kind, such as erc20' }
  const label = book.look(token, observation)
  const [before, after] = (['parent', 'block'] as const).map((at) =>
    readAmount(observation, tokenBalance(token, payer, at)),
  )
  if (!label || before!.amount === null || after!.amount === null) {
    return { blind: `what the payer holds of the token ${token} could not be read` }
  }
  const inside = system === 'LlamaPay' ? amountIn(observation, laidDown(stream)) : 0n
  // What came in the same block is his as well. A deposit that LlamaPay got in it lies in that contract already.
  const most = before!.amount > after!.amount ? before!.amount : after!.amount
  const held = system === 'LlamaPay' ? after!.amount + inside : most
  const perDay = rate && perSecondTimes(rate, daySeconds, label.decimals ?? 18)
  const amount = deposit ?? (rate ? perSecondTimes(rate, daySeconds * days, label.decimals ?? 18) : 0n)
  const isBorne =
    deposit !== null
      ? before!.amount - after!.amount >= deposit && deposit > 0n
      : system === 'LlamaPay'
        ? inside > 0n && amountIn(observation, tokenBalance(token, stream.log.address, 'block')) >= inside
        : system === 'Superfluid' && drainOf(stream, token, observation) >= (perDay ?? 0n)
  return { token, label, amount, perDay, held, isBorne }
}

function tokenOf(stream: StreamLog, observation: Observation, named: readonly Address[]): Address | null {
  if (stream.token) return stream.token
  const candidates = candidatesOf(stream, observation, named)
  if (stream.system === 'LlamaPay' || isAskedAlone(stream)) {
    const answer = observation.state(isAskedAlone(stream) ? tokenOfOne(stream) : tokenOfAll(stream))
    const said = answer.ok && answer.data.length === 66 ? (`0x${answer.data.slice(26)}` as Address) : null
    return said && candidates.includes(said) ? said : null
  }
  const paid = sentBy(stream, observation).find(
    (log) => endsOf(log)?.to === topicOf(stream.log.address) && numberOf(log.data) === stream.deposit,
  )
  return paid && candidates.includes(paid.address) ? paid.address : null
}

/** Negative answers, and those that are none, count for nothing. */
function amountIn(observation: Observation, read: Read): bigint {
  const { amount } = readAmount(observation, read)
  const signed = BigInt.asIntN(256, amount ?? 0n)
  return signed > 0n ? signed : 0n
}

/** What leaves the payer within a day without a transfer, as the token has it. */
function drainOf({ payer }: StreamLog, token: Address, observation: Observation): bigint {
  const { timestamp } = observation.block
  const [now, then] = [timestamp, timestamp + daySeconds].map((at) => readAmount(observation, hasAt(token, payer, at)))
  if (now?.amount == null || then?.amount == null) return 0n
  return BigInt.asIntN(256, now.amount) - BigInt.asIntN(256, then.amount)
}

function perSecondTimes({ perSecond, decimals }: NonNullable<StreamLog['rate']>, seconds: number, own: number): bigint {
  const total = perSecond * BigInt(seconds)
  if (decimals === null || decimals === own) return total
  return decimals > own ? total / 10n ** BigInt(decimals - own) : total * 10n ** BigInt(own - decimals)
}
