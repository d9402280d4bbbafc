import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import {
  isOddTransfer,
  itemsOf,
  readTransfer,
  type TokenTransfer,
  withoutEchoes,
} from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Log } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { isPercentOf, unitsOf } from '../../tokens/amounts.ts'
import {
  type Amount,
  kindBalance,
  kindMin,
  kindsMax,
  readAmount,
  tokenBalance,
  totalSupply,
} from '../../tokens/balances.ts'
import type { TokenLabel, tokenBook } from '../../tokens/tokenBook.ts'
import { nativeReads } from '../nativeFlow.ts'
import { claimTransfer } from './claimTransfer.ts'
import { netOutflows } from './netOutflows.ts'
import { type Movement, movementsIn, type TransferPlan } from './planTransfers.ts'

/** A block full of made-up tokens must not make us ask without end. */
const pairsMax = 32
const claimsMax = 64

type Book = ReturnType<typeof tokenBook>
type Candidate = Movement & { transfer: TokenTransfer }

/** The state without which the transfers among these logs cannot be judged or told. */
export function readsOfToken(plan: TransferPlan, logs: readonly Log[], book: Book): Read[] {
  return candidatesIn(plan, logs, book).candidates.flatMap(({ transfer, target, way }) => [
    ...book.reads(transfer.token),
    ...readsOfHoldings(transfer, target.address, way),
    ...(way !== 'any' && transfer.unwrapped ? nativeReads(target.address) : []),
  ])
}

function readsOfHoldings(transfer: TokenTransfer, account: Address, way: Movement['way']): Read[] {
  if (way === 'any') return [totalSupply(transfer.token, 'parent')]
  if (transfer.standard === 'erc1155') return kindReads(transfer, account).map(({ read }) => read)
  return holdingsReads(transfer, account)
}

export function judgeToken({
  plan,
  observation,
  book,
  show,
  claims,
  blind,
}: {
  plan: TransferPlan
  observation: Observation
  book: Book
  show(address: Address): string
  claims: Claim[]
  blind: Set<string>
}): void {
  const { candidates, unread } = candidatesIn(plan, observation.logs, book)
  for (const reason of unread) blind.add(reason)
  const toldOut = netOutflows(withoutEchoes(observation.logs))
  for (const candidate of candidates) {
    const { token } = candidate.transfer
    const label = book.look(token, observation)
    if (!label) {
      blind.add(`The token ${token} could not be asked for its decimals.`)
      continue
    }
    const verdict = judge(plan, { observation, toldOut }, candidate, label)
    if (typeof verdict === 'string') blind.add(verdict)
    if (!verdict || typeof verdict === 'string') continue
    if (claims.length === claimsMax) {
      blind.add(`More than ${claimsMax} large transfers in one block: the others are not told.`)
      return
    }
    const trusted = plan.trusted.has(token)
    claims.push(claimTransfer({ ...candidate, ...verdict, label, trusted, options: plan.options, observation, show }))
  }
}

/** Evidence where the transfer is large enough, text where that cannot be known, null where it is not. */
function judge(
  { options, trusted }: TransferPlan,
  { observation, toldOut }: { observation: Observation; toldOut: ReturnType<typeof netOutflows> },
  { transfer, target, way }: Candidate,
  label: TokenLabel,
): { evidence: Claim['evidence']; before: bigint | null; after: bigint | null } | string | null {
  const { token, standard, amount } = transfer
  const decimals = standard === 'erc20' ? (label.decimals ?? 0) : 0
  if (options.amount !== undefined && amount < unitsOf(options.amount, decimals)) return null
  // Contracts that are no tokens have an event of that name, too.
  const isTrusted = trusted.has(token) && !transfer.unwrapped
  if (standard === 'erc1155') {
    if (!isTrusted) return null
    if (options.percent !== undefined && way === 'any')
      return `Percent cannot judge transfers of the ERC-1155 ${token} itself: give amount.`
    const large = options.percent === undefined || isMuchOfAKind(transfer, target.address, options.percent, observation)
    if (large !== true) return large === false ? null : large
    return { evidence: way === 'any' ? 'hard' : 'soft', before: null, after: null }
  }
  const [beforeRead, afterRead] =
    way === 'any' ? [totalSupply(token, 'parent')] : holdingsReads({ token }, target.address)
  const before = readAmount(observation, beforeRead!)
  const after: Amount = afterRead ? readAmount(observation, afterRead) : { amount: null }

  if (options.percent !== undefined) {
    if (before.amount === null) return noBase(before, isTrusted, token)
    if (before.amount === 0n || !isPercentOf(amount, options.percent, before.amount)) return null
  }
  const seen = { before: before.amount, after: after.amount }
  if (way === 'any') return { evidence: 'hard', ...seen }
  if (before.amount === null || after.amount === null) {
    return isTrusted ? { evidence: 'soft', ...seen } : noBase(before.amount === null ? before : after, false, token)
  }
  const moved = way === 'out' ? before.amount - after.amount : after.amount - before.amount
  // Anybody can deploy a token that tells of transfers which never were: a stranger's word counts if the balance bears it
  // out, which another transfer of the block may have made up for.
  const told = toldOut(token, target.address) * (way === 'out' ? 1n : -1n)
  if (moved < told && (transfer.unwrapped || (moved <= 0n && !isTrusted))) return null
  if (transfer.unwrapped && nativeRise(observation, target.address) >= told) return null
  return { evidence: moved >= amount ? 'hard' : 'soft', ...seen }
}

const kindReads = (transfer: TokenTransfer, account: Address): { amount: bigint; read: Read }[] =>
  itemsOf(transfer)
    .flatMap(({ id, amount }) =>
      id === null ? [] : [{ amount, read: kindBalance(transfer.token, account, id, 'parent') }],
    )
    .slice(0, kindsMax)

/** Whether so many percent of one kind of item moved; text: nobody can say. */
function isMuchOfAKind(
  transfer: TokenTransfer,
  account: Address,
  percent: number,
  observation: Observation,
): boolean | string {
  const kinds = kindReads(transfer, account).map(({ amount, read }) => ({
    amount,
    held: readAmount(observation, read),
  }))
  const isMuch = kinds.some(
    ({ amount, held }) => held.amount !== null && held.amount >= kindMin && isPercentOf(amount, percent, held.amount),
  )
  const unread = kinds.find(({ held }) => held.amount === null)
  return isMuch || (unread ? (noBase(unread.held, true, transfer.token) ?? false) : false)
}

/** What an account has more of the native coin after the block; 0 where nobody can say. */
function nativeRise(observation: Observation, account: Address): bigint {
  const [before, after] = nativeReads(account).map((read) => readAmount(observation, read).amount)
  return (after ?? 0n) - (before ?? 0n)
}

function noBase(amount: Amount, isTrusted: boolean, token: Address): string | null {
  if (amount.amount === null && amount.blind) return `Holdings of the token ${token} could not be read: ${amount.blind}`
  return isTrusted ? `The token ${token} does not say what is held or supplied, so percent cannot be judged.` : null
}

function candidatesIn(plan: TransferPlan, logs: readonly Log[], book: Book) {
  const candidates: Candidate[] = []
  const unread = new Set<string>()
  const pairs = new Set<string>()
  for (const log of logs) {
    if (!isOddTransfer(log) || !plan.trusted.has(log.address) || (plan.only && log.address !== plan.only)) continue
    unread.add(`A transfer of ${log.address} could not be read: it is written as no standard writes it.`)
  }
  for (const movement of movementsIn(plan, logs)) {
    try {
      const transfer = readTransfer(movement.log)
      if (!mayBeLarge(plan, transfer, book)) continue
      pairs.add(`${transfer.token} ${movement.target.address}`)
      if (pairs.size > pairsMax) {
        unread.add(`Transfers of more than ${pairsMax} tokens in one block: the others are not judged.`)
        break
      }
      candidates.push({ ...movement, transfer })
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      if (plan.trusted.has(movement.log.address)) {
        unread.add(`A transfer of ${movement.log.address} could not be read: ${error.message}`)
      }
    }
  }
  return { candidates, unread }
}

/** By what is known before any state is read. */
function mayBeLarge({ options }: TransferPlan, { token, standard, amount }: TokenTransfer, book: Book): boolean {
  if (amount === 0n || (options.units !== undefined && amount < BigInt(options.units))) return false
  const decimals = standard === 'erc20' ? book.known(token)?.decimals : 0
  return options.amount === undefined || decimals == null || amount >= unitsOf(options.amount, decimals)
}

function holdingsReads({ token }: Pick<TokenTransfer, 'token'>, account: Address): Read[] {
  return [tokenBalance(token, account, 'parent'), tokenBalance(token, account, 'block')]
}
