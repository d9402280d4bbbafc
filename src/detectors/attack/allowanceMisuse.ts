import { z } from 'zod'
import { isPlainAccount } from '../../evm/accountCode.ts'
import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { addressesOf } from '../addressesOf.ts'
import { hasActed } from '../hasActed.ts'
import { addressShower } from '../showAddress.ts'
import { isPercentOf, percentOption, showPercent } from '../tokens/amounts.ts'
import { nativeBalance, readAmount, tokenBalance } from '../tokens/balances.ts'
import { type Allowance, allowancesIn, allowanceTopics } from './allowancesIn.ts'
import { type AllowanceThrough, allowancesThrough, readOfPower, throughTopics } from './allowancesThrough.ts'
import { judgeTakings, readsOfTakings, takingsOf } from './itemsTaken.ts'

const options = z.strictObject({
  percent: percentOption
    .default(10)
    .describe('A watched account lets a stranger take so many percent of what it holds of a token.'),
})
type Options = z.output<typeof options>

/** Of one block; each asks a few questions. */
const allowancesMax = 32

/** Kept by the token itself, or by a module or a contract such as Permit2, which may move what the account holds. */
type Given = Allowance & Partial<Pick<AllowanceThrough, 'through' | 'way'>>

/**
 * Speaks of allowances that nobody honest asks for: a watched account lets a plain account, or a contract that was made
 * just now, take much of what it holds, also through a module or through Permit2; and where who sells its items takes some
 * for nothing. What others allow a watched contract,
 * `cluster-profit` looks at.
 */
export const allowanceMisuse = defineDetector<Options>({
  id: 'allowance-misuse',
  title: 'A watched account lets a stranger take what it holds',
  scenario:
    'Signers are talked into allowing a stranger to take what their treasury holds. Nothing moves yet, and days later all of it does.',
  signal:
    'It pages where an account under `on` allows a plain account, or a contract made in the same block, `percent` of what it holds of a token, by the token itself, by Permit2 or by the allowance module of a Safe; less is `low`, and so is what only an unknown token tells. Of items: who sold two of the account and then takes two within a day for which nothing came in is `high`, and `medium` at one.',
  response:
    'Set the allowance to zero before it is used: nothing else stops whoever has it. Then ask the signers what they believed to sign, and where they were shown it.',
  knownLimits: [
    'A spender that is a contract of yesterday is not judged, however strange.',
    'What others allow a contract of yours, and somebody takes through it, is for `cluster-profit`.',
    'A signed permit is seen only when it is used.',
    'An allowance to a plain key of your own, such as that of a market maker, pages; one that the config names does not.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'approvals' },
  options,
  when: 'none',
  needs: ['logs', 'state'],

  compile({ options: limits, targets, names }) {
    const accounts = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const byAddress = new Map(targets.map((target) => [target.address, target]))
    const show = addressShower(names)
    const given = ({ logs }: Omit<Observation, 'state'>) =>
      [...allowancesIn(logs, known), ...allowancesThrough(logs, known)]
        .filter(({ owner }) => accounts.has(owner))
        .slice(0, allowancesMax)
    return {
      interests: [
        { kind: 'log', topics: [...allowanceTopics, ...throughTopics], accounts: [...accounts] },
        { kind: 'log', topics: transferTopics, accounts: [...accounts] },
      ],
      reads: (view) => [...given(view).flatMap(readsOf), ...readsOfTakings(takingsOf(view, accounts))],
      detect(observation, memory) {
        const blind = new Set<string>()
        const saying = { observation, limits, known, blind, show }
        const claims = given(observation).flatMap((each) => claimGiven(each, byAddress.get(each.owner)!, saying))
        const taking = { observation, memory, known, owners: byAddress, show }
        const taken = judgeTakings(takingsOf(observation, accounts), taking)
        return {
          claims: [...claims, ...taken.claims],
          blind: [...blind, ...taken.blind],
          memory: taken.memory,
        }
      },
    }
  },
})

const codeRead = (of: Address, at: Read['at']): Read => ({ kind: 'code', at, of })
/** Modules write the chain's own coin as the address of nothing. */
const heldRead = ({ owner, token }: Given): Read =>
  /^0x0*$/.test(token) ? nativeBalance(owner, 'block') : tokenBalance(token, owner, 'block')
const isThrough = (given: Given): given is AllowanceThrough => given.through !== undefined
const readsOf = (given: Given): Read[] => [
  codeRead(given.spender, 'parent'),
  codeRead(given.spender, 'block'),
  heldRead(given),
  ...(isThrough(given) ? [readOfPower(given)] : []),
]

type Saying = {
  observation: Observation
  limits: Options
  /** Contracts of the config, whose events are believed. */
  known: ReadonlySet<Address>
  blind: Set<string>
  show(address: Address): string
}

function claimGiven(given: Given, { name }: Contract, saying: Saying): Claim[] {
  const { owner, spender, token, amount, log, through } = given
  const { observation, limits, known, blind, show } = saying
  const held = readAmount(observation, heldRead(given))
  const [before, after] = (['parent', 'block'] as const).map((at) => observation.state(codeRead(spender, at)))
  if (!before?.ok || !after?.ok) {
    blind.add(`Whom ${name} allowed to take ${show(token)} could not be looked at.`)
    return []
  }
  const isAccount = isPlainAccount(after.data)
  const isFresh = before.data === '0x'
  if ((!isAccount && !isFresh) || !held.amount) return []
  const power = isThrough(given) ? powerOf(given, saying) : null
  if (power === 0n) return []
  const most = power !== null && power < held.amount ? power : held.amount
  const takes = amount === null || amount > most ? most : amount
  const isMuch = isPercentOf(takes, limits.percent, held.amount)
  // Anybody can make a token that says that the account allowed something.
  const isBorne = power !== null || known.has(token) || hasActed(owner, log.transactionIndex, observation)
  const who = isAccount ? 'a plain account' : 'a contract made just now'
  return [
    {
      key: `allowance ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: owner,
      title: `${name} let ${show(spender)}, ${who}, take ${showPercent(takes, held.amount)} of its ${/^0x0*$/.test(token) ? 'coins' : show(token)}${through ? ` through ${show(through)}` : ''}`,
      facts: {
        spender,
        token,
        allowed: amount === null ? 'items' : String(amount),
        held: String(held.amount),
        isAccount,
        ...(through && { through }),
      },
      evidence: isBorne ? 'hard' : 'soft',
      severity: isMuch && isBorne ? 'high' : 'low',
      actors: [spender],
      group: `allowance ${owner} ${spender}`,
    },
  ]
}

/** How much the contract that keeps the allowance may move: of a module all. Zero: none, or nobody can tell, which is said. */
function powerOf(given: AllowanceThrough, { observation, blind, show }: Saying): bigint {
  const { amount, ...rest } = readAmount(observation, readOfPower(given))
  if (amount === null && 'blind' in rest)
    blind.add(
      `Whether ${show(given.through)} may move what ${show(given.owner)} holds could not be read: ${rest.blind}`,
    )
  if (given.way === 'module') return amount === 1n ? 2n ** 256n : 0n
  return amount ?? 0n
}
