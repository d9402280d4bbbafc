import { z } from 'zod'
import { deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { type Movement, movementsOf, tokenMovements } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Severity } from '../../../model/severity.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { nativeBalance, tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { type Ask, addressAt, numberAt, view } from './book.ts'
import type { BackingOptions } from './options.ts'

/** `keccak256("MINTER_ROLE")`, as OpenZeppelin's presets name the role. */
const minterRole: Hex = '0x9f2df0fed2c77648de5860a4cc508cd0818c85b8b8a1ab4ceeef8d981c8956a6'
const owner = view('owner()')
const hasRole = view('hasRole(bytes32,address)')
const wordOf = (address: Address): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`

/** What was made of one token in one transaction. */
export type Mint = {
  transaction: Transaction
  amount: bigint
  recipients: readonly Address[]
  /** What the token itself got meanwhile, which is the price where it keeps something for its holders. */
  paid: readonly (readonly [asset: Address | 'native', amount: bigint])[]
}
/** Supply as it was last read, and who has made much of the token. */
const mintersShape = z.object({ supply: decimalShape, seen: z.array(hexShape) })
type Minters = z.output<typeof mintersShape>
const rememberedMinters = remembered(mintersShape)

const [mintsMax, transactionsMax] = [8, 512]
const seenMax = 16
const recipientsMax = 8
/** A mint of less than that part of `mintPercent` of the supply as it was is not looked at. */
const lookFrom = 4
/** Times `mintPercent`. */
const grave = 5

const key = (token: Address) => `minters ${token}`
const endsOf = ({ from, to }: Transaction): Address[] => (to ? [from, to] : [from])

/** The supply of a token as it was last read; null: it never was. */
export function supplyKnown({ address }: Contract, memory: Memory): bigint | null {
  const known = rememberedMinters(memory, key(address))
  return known ? BigInt(known.supply) : null
}

/** The mints of a token in a block that may be large by what is known of its supply. */
export function mintsOf(
  target: Contract,
  observation: Omit<Observation, 'state'>,
  memory: Memory,
  { mintPercent }: BackingOptions,
): Mint[] {
  const supply = supplyKnown(target, memory)
  return allMintsOf(target, observation)
    .filter(({ amount }) => supply === null || isPercentOf(amount * BigInt(lookFrom), mintPercent, supply))
    .slice(0, mintsMax)
}

/** All of a block, as far as anybody can look at them. */
export function allMintsOf({ address }: Contract, { block, logs }: Omit<Observation, 'state'>): Mint[] {
  const byTransaction = Map.groupBy(
    logs.filter((log) => log.address === address),
    ({ transactionIndex }) => transactionIndex,
  )
  return [...byTransaction].slice(0, transactionsMax).flatMap(([index, own]): Mint[] => {
    const transaction = block.transactions[index]
    const movements = tokenMovements(own)
    const made = movements.filter(isMint)
    const amount = madeForGood(movements)
    if (!transaction || amount === 0n) return []
    const recipients = [...new Set(made.map(({ to }) => to))].slice(0, recipientsMax)
    return [{ transaction, amount, recipients, paid: paidTo(address, transaction, block) }]
  })
}

/** What was made less what those who got it burned of it, as who is lent what is made for the loan does. */
function madeForGood(movements: readonly Movement[]): bigint {
  const kept = new Map<Address, bigint>()
  for (const each of movements.filter(isMint)) kept.set(each.to, (kept.get(each.to) ?? 0n) + each.amount)
  for (const { from, to, standard, amount } of movements) {
    const own = kept.get(from)
    if (own !== undefined && to === zeroAddress && standard === 'erc20')
      kept.set(from, own > amount ? own - amount : 0n)
  }
  return [...kept.values()].reduce((sum, each) => sum + each, 0n)
}

const paidMax = 4

function paidTo(address: Address, transaction: Transaction, { receipts }: Observation['block']): Mint['paid'] {
  const deltas = deltasOf(movementsOf({ transaction, receipt: receipts?.[transaction.index] ?? null }))
  return [...deltas]
    .flatMap(([asset, accounts]) => {
      const amount = accounts.get(address) ?? 0n
      const isFungible = asset === 'native' || asset.length === address.length
      return amount > 0n && isFungible && asset !== address ? [[asset as Address | 'native', amount] as const] : []
    })
    .slice(0, paidMax)
}

const heldRead = (asset: Address | 'native', of: Address): Read =>
  asset === 'native' ? nativeBalance(of, 'parent') : tokenBalance(asset, of, 'parent')

/** Nine tenths: a fee stays with those who were there before, and less than that is a gift to who came. */
const [fairPart, fairOf] = [10n, 9n]

/** Whether what the token got is as large a part of what it kept before as what was made is of the supply. */
function isFair({ amount, paid }: Mint, supply: bigint, { address }: Contract, ask: Ask, named: ReadonlySet<Address>) {
  return paid.some(([asset, got]) => {
    const held = asset === 'native' || named.has(asset) ? numberAt(ask(heldRead(asset, address))) : null
    return held !== null && held > 0n && fairPart * got * supply >= fairOf * amount * held
  })
}

const isMint = ({ standard, from, to }: Movement) => standard === 'erc20' && from === zeroAddress && to !== zeroAddress

export const readsOfMints = ({ address }: Contract, mints: readonly Mint[]): Read[] =>
  mints.length === 0
    ? []
    : [
        totalSupply(address, 'parent'),
        totalSupply(address, 'block'),
        nativeBalance(address, 'parent'),
        nativeBalance(address, 'block'),
        owner(address, 'parent'),
        ...mints.flatMap(({ paid }) => paid.map(([asset]) => heldRead(asset, address))),
        ...mints.flatMap(({ transaction }) =>
          endsOf(transaction).map((each) => hasRole(address, 'parent', minterRole, wordOf(each))),
        ),
      ]

/** Speaks of tokens that were made out of nothing, by somebody who may not. */
export function judgeMints(
  target: Contract,
  mints: readonly Mint[],
  {
    observation,
    memory,
    ask,
    options,
    named,
  }: {
    observation: Observation
    memory: Memory
    ask: Ask
    options: BackingOptions
    /** Contracts of the config: tokens that are worth something. */
    named: ReadonlySet<Address>
  },
): { claims: Claim[]; memory: Record<string, Json> } {
  const supply = mints.length > 0 ? numberAt(ask(totalSupply(target.address, 'parent'))) : null
  if (!supply || isCoinForCoin(target, supply, ask)) return { claims: [], memory: {} }
  const known = rememberedMinters(memory, key(target.address))
  const seen = new Set(known?.seen)
  const master = addressAt(ask(owner(target.address, 'parent')))
  const claims = mints.flatMap((mint): Claim[] => {
    const ends = endsOf(mint.transaction)
    const hasLeave = ends.some(
      (end) => end === master || numberAt(ask(hasRole(target.address, 'parent', minterRole, wordOf(end)))) === 1n,
    )
    const isKnown = hasLeave || ends.some((end) => seen.has(end))
    const payment = isFair(mint, supply, target, ask, named) ? 'fair' : paymentFor(target, mint, observation, named)
    const severity = severityOf({ mint, supply, isKnown, payment }, options)
    if (severity) return [claimOf(target, mint, { supply, isKnown, payment, severity })]
    for (const end of ends) seen.add(end)
    return []
  })
  const next: Minters = { supply: String(supply), seen: [...seen].slice(-seenMax) }
  return { claims, memory: { [key(target.address)]: next } }
}

/**
 * Wrapped coins: one lies in the contract for each of them, and as many came in as were made. Whose hand they came by inside
 * a transaction is not known, and need not be.
 */
function isCoinForCoin({ address }: Contract, before: bigint, ask: Ask): boolean {
  const supply = numberAt(ask(totalSupply(address, 'block')))
  const [was, is] = (['parent', 'block'] as const).map((at) => numberAt(ask(nativeBalance(address, at))))
  if (supply == null || was == null || is == null) return false
  return is >= supply && is - was >= supply - before
}

function severityOf(
  { mint: { amount }, supply, isKnown, payment }: { mint: Mint; supply: bigint; isKnown: boolean; payment: Payment },
  { mintPercent }: BackingOptions,
): Severity | null {
  const reaches = (percent: number) => isPercentOf(amount, percent, supply)
  const isGrave = reaches(mintPercent * grave)
  if (payment === 'fair') return isGrave ? 'medium' : null
  if (payment === 'known') return reaches(100) ? 'high' : isGrave ? 'medium' : null
  if (payment === 'strange' && !isKnown) return isGrave ? 'high' : reaches(mintPercent) ? 'medium' : null
  if (isKnown) return isGrave ? 'high' : null
  return isGrave ? 'critical' : reaches(mintPercent) ? 'high' : null
}

/**
 * What they who got the tokens, or sent the transaction, gave for them, as one does who deposits or bridges. Coins and
 * tokens that the config names are `known`; another may be worth nothing, made by the thief himself. `fair`: the token itself
 * has as much more, for its part, of what it kept for its holders.
 */
type Payment = 'none' | 'strange' | 'known' | 'fair'

function paymentFor(
  { address }: Contract,
  { transaction, recipients }: Mint,
  { block }: Observation,
  named: ReadonlySet<Address>,
): Payment {
  if (transaction.value > 0n) return 'known'
  const receipt = block.receipts?.[transaction.index] ?? null
  const deltas = deltasOf(movementsOf({ transaction, receipt }))
  const actors = [transaction.from, ...recipients]
  const given = [...deltas].flatMap(([asset, accounts]) =>
    !asset.startsWith(address) && actors.some((actor) => (accounts.get(actor) ?? 0n) < 0n) ? [asset] : [],
  )
  if (given.length === 0) return 'none'
  return given.some((asset) => named.has(asset.slice(0, 42) as Address)) ? 'known' : 'strange'
}

/** Whether nobody gave anything of worth for it. */
export const isUnpaid = (
  target: Contract,
  mint: Mint,
  observation: Observation,
  named: ReadonlySet<Address>,
): boolean => mint.paid.length === 0 && paymentFor(target, mint, observation, named) !== 'known'

function claimOf(
  { address, name }: Contract,
  { transaction, amount, recipients }: Mint,
  { supply, isKnown, payment, severity }: { supply: bigint; isKnown: boolean; payment: Payment; severity: Severity },
): Claim {
  const who = isKnown ? 'by one who may' : 'by somebody who never made any'
  const forWhat = {
    none: `out of nothing, ${who}`,
    strange: `for an unknown token, ${who}`,
    known: 'for a payment',
    fair: 'for as much as the rest is worth',
  }
  return {
    key: `mint ${address}`,
    transactionHash: transaction.hash,
    address,
    title: `${showPercent(amount, supply)} of the supply of ${name} was made in one transaction, ${forWhat[payment]}`,
    facts: {
      amount: String(amount),
      supplyBefore: String(supply),
      share: showPercent(amount, supply),
      sender: transaction.from,
      to: transaction.to,
      recipients: [...recipients],
      knownMinter: isKnown,
      payment,
    },
    evidence: 'hard',
    severity,
    confidence: isKnown || payment !== 'none' ? 'medium' : 'high',
  }
}
