import { z } from 'zod'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { addressShower } from '../showAddress.ts'
import { isPercentOf, percentOption, showPercent } from '../value/amounts.ts'
import { readAmount, tokenBalance } from '../value/balances.ts'
import { type Allowance, allowancesIn, allowanceTopics } from './allowanceMisuse/allowances.ts'
import { type Pull, pullsBy } from './allowanceMisuse/pulls.ts'
import { addressesOf } from './lossWords.ts'

const options = z.strictObject({
  percent: percentOption
    .default(10)
    .describe('A watched account lets a stranger take so many percent of what it holds of a token.'),
  owners: z
    .int()
    .min(1)
    .max(20)
    .default(2)
    .describe('So many owners whose tokens one hand took through a watched contract within a day, for nothing.'),
  traces: z
    .literal('none')
    .optional()
    .describe('Reads no calls: what is taken through a contract from others is then not seen.'),
})
type Options = z.output<typeof options>

/** By hand: owners of whom was taken, each with the unix time. Plain data. */
type Hands = [hand: Address, owners: [owner: string, time: number][], told: boolean][]

const handsKey = 'hands'
const handsMax = 64
const daySeconds = 86_400
const ownersMax = 24
/** Enough to tell owners apart, and little to remember. */
const shortLength = 14

/**
 * Speaks of allowances that nobody honest asks for or uses so: a watched account lets a plain account, or a contract that
 * was made just now, take much of what it holds; or through a watched contract one hand takes what several owners allow
 * that contract, in transactions that they have no part in and that give them nothing.
 */
export const allowanceMisuse = defineDetector<Options>({
  id: 'allowance-misuse',
  title: 'Misuse of allowances',
  scenario:
    'A router makes any call that its caller names: a thief has it call the tokens of everybody who ever allowed it to spend them. Or signers are talked into allowing a stranger to take what their treasury holds, and nothing moves yet.',
  response:
    'Where an account of yours gave the allowance, set it to zero before it is used. Where your contract is used to take from others, pause it, and tell its users to revoke what they allowed it: nothing else stops the next transaction.',
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'approvals' },
  options,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile({ options: limits, targets, names }) {
    const accounts = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const byAddress = new Map(targets.map((target) => [target.address, target]))
    const show = addressShower(names)
    const given = ({ logs }: Omit<Observation, 'state'>) => allowancesIn(logs, { owners: accounts, known })
    const pulled = ({ outcomes }: Omit<Observation, 'state'>) =>
      outcomes.flatMap((outcome) => pullsBy(accounts, outcome)).filter(({ owner }) => !known.has(owner))
    return {
      ...(limits.traces === 'none' && { notes: ['Without calls it does not see what is taken through a contract.'] }),
      interests: [
        { kind: 'log', topics: allowanceTopics, accounts: [...accounts] },
        ...(limits.traces === 'none'
          ? []
          : [{ kind: 'transaction', touching: [...accounts], traces: 'touching' } as const]),
      ],
      reads: (observation) => given(observation).flatMap(readsOf),
      detect(observation, memory) {
        const blind = new Set<string>()
        const before = (memory.get(handsKey) ?? []) as Hands
        const { hands, claims } = countPulls(pulled(observation), before, {
          ...{ limits, byAddress, show },
          time: observation.block.timestamp,
        })
        const isChanged = JSON.stringify(hands) !== JSON.stringify(before)
        return {
          claims: [
            ...given(observation).flatMap((each) =>
              claimGiven(each, { observation, limits, target: byAddress.get(each.owner)!, blind, show }),
            ),
            ...claims,
          ],
          blind: [...blind],
          memory: isChanged ? { [handsKey]: hands as Json } : {},
        }
      },
    }
  },
})

const codeRead = (of: Address, at: Read['at']): Read => ({ kind: 'code', at, of })
const readsOf = ({ owner, spender, token }: Allowance): Read[] => [
  codeRead(spender, 'parent'),
  codeRead(spender, 'block'),
  tokenBalance(token, owner, 'block'),
]

type Saying = {
  observation: Observation
  limits: Options
  target: Contract
  blind: Set<string>
  show(address: Address): string
}

function claimGiven({ owner, spender, token, amount, log }: Allowance, saying: Saying): Claim[] {
  const { observation, limits, target, blind, show } = saying
  const held = readAmount(observation, tokenBalance(token, owner, 'block'))
  const [before, after] = (['parent', 'block'] as const).map((at) => observation.state(codeRead(spender, at)))
  if (!before?.ok || !after?.ok) {
    blind.add(`Whom ${target.name} allowed to take ${show(token)} could not be looked at.`)
    return []
  }
  const isAccount = after.data === '0x' || after.data.startsWith('0xef0100')
  const isFresh = before.data === '0x'
  if ((!isAccount && !isFresh) || !held.amount) return []
  const takes = amount === null || amount > held.amount ? held.amount : amount
  const isMuch = isPercentOf(takes, limits.percent, held.amount)
  const who = isAccount ? 'a plain account' : 'a contract made just now'
  return [
    {
      key: `allowance ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: owner,
      title: `${target.name} let ${show(spender)}, ${who}, take ${showPercent(takes, held.amount)} of its ${show(token)}`,
      facts: {
        spender,
        token,
        allowed: amount === null ? 'items' : String(amount),
        held: String(held.amount),
        isAccount,
      },
      evidence: 'hard',
      severity: isMuch ? 'high' : 'low',
      actors: [spender],
      group: `allowance ${owner} ${spender}`,
    },
  ]
}

type Counting = {
  limits: Options
  byAddress: ReadonlyMap<Address, Contract>
  time: number
  show(address: Address): string
}

/** The hand is whoever sent the transaction: recipients are changed more easily. */
function countPulls(
  pulls: readonly Pull[],
  before: Hands,
  { limits, byAddress, time, show }: Counting,
): { hands: Hands; claims: Claim[] } {
  const claims: Claim[] = []
  let hands = before
    .map(([hand, owners, told]): Hands[number] => [hand, owners.filter(([, at]) => at > time - daySeconds), told])
    .filter(([, owners, told]) => owners.length > 0 || told)
  for (const { outcome, contract, token, owner, to, amount } of pulls) {
    const hand = outcome.transaction.from
    const [, known = [], told = false] = hands.find(([each]) => each === hand) ?? []
    const short = owner.slice(-shortLength)
    const owners = [...known.filter(([each]) => each !== short), [short, time] as [string, number]].slice(-ownersMax)
    const isMany = owners.length >= limits.owners
    if (!told && (isMany || known.length === 0))
      claims.push({
        key: `pulled ${contract} ${isMany}`,
        transactionHash: outcome.transaction.hash,
        address: contract,
        title: isMany
          ? `${show(hand)} took tokens of ${owners.length} owners through ${byAddress.get(contract)!.name}, who had no part in it and got nothing`
          : `${show(hand)} took ${show(token)} of ${show(owner)} through ${byAddress.get(contract)!.name}, who had no part in it and got nothing`,
        facts: { hand, token, owner, to, amount: String(amount), owners: owners.length },
        evidence: 'hard',
        severity: isMany ? 'high' : 'medium',
        actors: [hand],
        group: `pulled ${contract} ${hand}`,
      })
    hands = [...hands.filter(([each]) => each !== hand), [hand, owners, told || isMany]]
  }
  return { hands: hands.slice(-handsMax), claims }
}
