import { z } from 'zod'
import type { Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { signedTopic } from '../../hasActed.ts'
import { remembered } from '../../remembered.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { isUnpaid, type Mint } from './judgeMints.ts'
import type { BackingOptions } from './options.ts'

const [daySeconds, weekSeconds] = [86_400, 7 * 86_400]
/** Kept of the last weeks: sums by day, and single amounts until they are a week old. */
const [daysMax, youngMax] = [35, 32]
/** So many are needed to know what is usual; the first ones are taken at their word. */
const learnedMin = 3
/** More than three times what was ever made at once is large; ten times as much together is no emission. */
const [largeFrom, paysFrom] = [3n, 10n]
/** A week in which so many times as much is made as in any before. */
const weekFrom = 5n
/** Less than that part of `mintPercent` of the supply is not counted, so that not every block is a row. */
const dustPart = 1_000

/** Plain data, amounts as text. `usual`: the largest single one that was learned. `young`: those that are not learned yet. */
const book = z.object({
  first: z.number(),
  usual: z.string(),
  count: z.number(),
  young: z.array(z.tuple([z.number(), z.string()])),
  days: z.record(z.string(), z.string()),
})
type Emissions = Readonly<z.output<typeof book>>
const rememberedBook = remembered(book)
const key = ({ address }: Contract) => `emissions ${address}`

/**
 * Weighs what a key makes of a token, for nothing, against what was made so before. Who may make it is not asked: it is the
 * key that is stolen. What a bridge makes for a message, contracts of others have a part in, and it is not counted.
 * @param supply As it was last read; null: nobody knows yet.
 */
export function judgeEmissions(
  target: Contract,
  mints: readonly Mint[],
  {
    observation,
    memory,
    options,
    supply,
    ...rest
  }: {
    observation: Observation
    memory: Memory
    options: BackingOptions
    supply: bigint | null
    named: ReadonlySet<`0x${string}`>
  },
): { claims: Claim[]; memory: Record<string, Json> } {
  const own = mints.filter(
    (mint) =>
      supply !== null &&
      isPercentOf(mint.amount * BigInt(dustPart), options.mintPercent, supply) &&
      isByKey(target, mint.transaction, observation) &&
      isUnpaid(target, mint, observation, rest.named),
  )
  if (own.length === 0 || supply === null) return { claims: [], memory: {} }
  const now = observation.block.timestamp
  let known: Emissions = rememberedBook(memory, key(target)) ?? {
    first: now,
    usual: '0',
    count: 0,
    young: [],
    days: {},
  }
  const claims: Claim[] = []
  for (const mint of own) {
    known = learned(known, now)
    const next = withMint(known, mint.amount, now)
    const verdict = verdictOf(next, now, (amount) => isPercentOf(amount, options.mintPercent, supply))
    if (verdict) claims.push(claimOf(target, mint, { ...verdict, supply, usual: known.usual }))
    known = next
  }
  return { claims, memory: { [key(target)]: known } }
}

/** Nobody else had a part in it than the token, and a Safe whose signers decided. */
function isByKey({ address }: Contract, transaction: Transaction, { block }: Observation): boolean {
  const logs = block.receipts?.[transaction.index]?.logs ?? []
  const others = logs.filter((log) => log.address !== address && log.address !== transaction.to)
  if (others.length > 0) return false
  return (
    transaction.to === address || logs.some((log) => log.address === transaction.to && log.topics[0] === signedTopic)
  )
}

const most = (amounts: readonly bigint[]) => amounts.reduce((max, each) => (each > max ? each : max), 0n)
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n)
const amountOf = ([, amount]: Emissions['young'][number]) => BigInt(amount)

/** A week later nobody has minded, and what was made is usual; the first few are at once. */
function learned(known: Emissions, now: number): Emissions {
  const missing = Math.max(0, learnedMin - known.count)
  const isOld = (place: number, time: number) => place < missing || now - time > weekSeconds
  const old = known.young.filter(([time], place) => isOld(place, time))
  if (old.length === 0) return known
  return {
    ...known,
    usual: String(most([BigInt(known.usual), ...old.map(amountOf)])),
    count: Math.min(known.count + old.length, learnedMin),
    young: known.young.filter(([time], place) => !isOld(place, time)),
  }
}

function withMint(known: Emissions, amount: bigint, now: number): Emissions {
  const day = Math.floor(now / daySeconds)
  const days: Emissions['days'] = { ...known.days, [`${day}`]: String(BigInt(known.days[day] ?? 0) + amount) }
  return {
    ...known,
    young: [...known.young, [now, String(amount)] as [number, string]].slice(-youngMax),
    days: Object.fromEntries(Object.entries(days).filter(([each]) => day - Number(each) < daysMax)),
  }
}

function verdictOf(
  known: Emissions,
  now: number,
  isMuch: (amount: bigint) => boolean,
): { made: bigint; seconds: number } | null {
  if (known.count < learnedMin) return null
  const usual = BigInt(known.usual)
  const large = sum(
    known.young
      .filter(([time, amount]) => now - time <= daySeconds && BigInt(amount) > usual * largeFrom)
      .map(amountOf),
  )
  if (isMuch(large) && large >= usual * paysFrom) return { made: large, seconds: daySeconds }
  const today = Math.floor(now / daySeconds)
  const weekTo = (last: number) => sum(Array.from({ length: 7 }, (_, back) => BigInt(known.days[last - back] ?? 0)))
  const before = most(Object.keys(known.days).flatMap((day) => (today - Number(day) >= 7 ? [weekTo(Number(day))] : [])))
  const week = weekTo(today)
  return before > 0n && isMuch(week) && week >= before * weekFrom ? { made: week, seconds: weekSeconds } : null
}

function claimOf(
  { address, name }: Contract,
  { transaction, amount, recipients }: Mint,
  { made, seconds, supply, usual }: { made: bigint; seconds: number; supply: bigint; usual: string },
): Claim {
  const when = seconds === daySeconds ? 'a day' : 'a week'
  return {
    key: `emission ${address} ${seconds}`,
    transactionHash: transaction.hash,
    address,
    title: `${showPercent(made, supply)} of the supply of ${name} was made for nothing within ${when}, far more than its keys ever made`,
    facts: {
      ...{ amount: String(amount), made: String(made), seconds, usual, supplyBefore: String(supply) },
      ...{ sender: transaction.from, to: transaction.to, recipients: [...recipients] },
    },
    evidence: 'hard',
    severity: 'high',
    confidence: 'medium',
    group: `emission ${address}`,
  }
}
