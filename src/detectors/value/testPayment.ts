import { z } from 'zod'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { addressShower } from '../showAddress.ts'
import { isPercentOf, percentOption, showPercent } from '../tokens/amounts.ts'
import { type Amount, nativeBalance, readAmount, tokenBalance } from '../tokens/balances.ts'
import { showToken } from '../tokens/showToken.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { enterPayment, type Pair, type Payee, rememberedPayees, withTold } from './testPayment/payees.ts'
import { type Payment, paymentsOf } from './testPayment/paymentsOf.ts'

const options = z.strictObject({
  traces: tracesOption,
  hours: z.number().min(0.1).max(720).default(24).describe('How long after its first payment a payee is new.'),
  times: z.int().min(2).max(1_000_000).default(20).describe('How many times as much as the first the second must be.'),
  percent: percentOption.default(5).describe('Of what the account held, so that it is told at `medium`.'),
  grave: percentOption.default(50).describe('Of what the account held, so that it has the severity of the monitor.'),
  known: z
    .array(contractOption)
    .max(1000)
    .default([])
    .describe(
      'Whom the account may pay for the first time in this way, as `$name` or address. The contracts of the config are.',
    ),
})

const payeesKey = (account: Address) => `payees ${account}`
/** In assets that the config does not name. */
const othersKey = (account: Address) => `others ${account}`

/**
 * Speaks where an account pays somebody a little for the first time and then most of what it has: whoever sends what is
 * not his tries whether it works first. So do careful treasurers: it pages only where half of all goes to somebody who was
 * never paid before, and who is not named in the config.
 */
export const testPayment = defineDetector<z.output<typeof options>>({
  id: 'test-payment',
  title: 'Test payment before a large one',
  scenario:
    'Somebody holds the keys of a treasury that are not his. He sends a hundred dollars to a new address, waits a quarter of an hour whether anybody notices, and sends the rest.',
  signal:
    'It remembers whom an account has paid, each asset for itself. Where somebody is paid for the first time and within `hours` gets at least `times` as much, it is `medium` from `percent` of what the account held, and pages from `grave` where two others had been paid before.',
  response:
    'Ask the signers by another way than their chat whether they know the payee. If nobody does, act as if the keys are lost: move what is left, and give the address to exchanges and the issuers of the tokens.',
  knownLimits: [
    'A thief who sends all at once makes no test; that is for `outflow-cap` and `large-transfer`.',
    'A test from another account, or in another token, is not joined with the payment.',
    'A careful treasurer who pays half of all to a new payee after a test pages, unless the payee stands under `known` or in the config.',
    'Whoever gave something in return is not new, even if it was worth little.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile(assignment) {
    const { options, targets, names } = assignment
    const byAddress = new Map(targets.map((target) => [target.address, target]))
    const accounts = new Set(byAddress.keys())
    const trusted = new Set<Address | 'native'>(['native', ...[...names.values()].map(({ address }) => address)])
    const known = new Set([
      ...[...names.values()].map(({ address }) => address),
      ...options.known.map((text) => resolveContract(text, assignment).address),
    ])
    const show = addressShower(names)
    const paymentsIn = (view: Omit<Observation, 'state'>) =>
      paymentsOf(touchedOutcomes(view), accounts, trusted).filter(({ to }) => !known.has(to))
    return {
      interests: touchInterests([...accounts], options.traces),
      notes: [
        'Whom an account pays it learns from now on, each token for itself; it pages once it has seen two payees.',
      ],

      reads: (view) => paymentsIn(view).flatMap(heldReads),

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        const changed = new Map<string, readonly Payee[]>()
        for (const payment of paymentsIn(observation)) {
          const { account, asset } = payment
          const target = byAddress.get(account)!
          const kind = trusted.has(asset) ? 'trusted' : 'others'
          const held = heldBefore(observation, payment)
          if (held.amount === null) {
            if (held.blind && kind === 'trusted') blind.add(`${target.name}: ${held.blind}`)
            continue
          }
          const key = kind === 'trusted' ? payeesKey(account) : othersKey(account)
          const before = changed.get(key) ?? rememberedPayees(memory, key) ?? []
          const { times, hours } = options
          const limits = { time: observation.block.timestamp, times, seconds: hours * 3_600, kind } as const
          const { payees, pair } = enterPayment(before, payment, limits)
          const claim = pair && claimPair(pair, { target, held: held.amount, limits: { ...options, ...limits }, show })
          if (claim) claims.push(claim)
          const after = pair && claim ? withTold(payees, pair.first) : payees
          if (after !== before) changed.set(key, after)
        }
        return {
          claims,
          blind: [...blind],
          memory: Object.fromEntries([...changed].map(([key, payees]) => [key, [...payees]])),
        }
      },
    }
  },
})

function heldReads({ account, asset }: Payment): Read[] {
  return (['parent', 'block'] as const).map((at) =>
    asset === 'native' ? nativeBalance(account, at) : tokenBalance(asset, account, at),
  )
}

/** Null: not known, or nothing left the account, whatever the token tells. */
function heldBefore(observation: Observation, payment: Payment): Amount {
  const [before, after] = heldReads(payment).map((read) => readAmount(observation, read)) as [Amount, Amount]
  if (before.amount === null) return before
  if (after.amount === null) return after
  return after.amount < before.amount ? before : { amount: null }
}

function claimPair(
  { payment: { to, asset, amount, transaction }, first, isHabitKnown }: Pair,
  {
    target: { address, name },
    held,
    limits: { percent, grave, time },
    show,
  }: {
    target: Contract
    held: bigint
    limits: { percent: number; grave: number; time: number }
    show(address: Address): string
  },
): Claim | null {
  if (held === 0n || !isPercentOf(amount, percent, held)) return null
  const minutes = Math.round((time - first.time) / 60)
  return {
    key: `test payment ${to} ${asset}`,
    transactionHash: transaction,
    address,
    title: `${showPercent(amount, held)} of the ${showToken(asset, show)} of ${name} went to ${show(to)}, who had been paid a little for the first time ${minutes} minutes before`,
    facts: {
      ...{ payee: to, token: asset, amount: amount.toString(), heldBefore: held.toString() },
      ...{ firstAmount: first.amount, firstTransaction: first.transaction, secondsBetween: time - first.time },
    },
    evidence: 'soft',
    ...(!(isHabitKnown && isPercentOf(amount, grave, held)) && { severity: 'medium' as const }),
    group: `test payment ${address} ${to}`,
  }
}
