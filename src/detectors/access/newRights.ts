import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { topicOf } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { reasonList } from '../reasonList.ts'
import { remembered } from '../remembered.ts'
import { planInterests, readsOfPlans } from '../timelocks/planOf.ts'
import { byNobody } from './byNobody.ts'
import { claimGain, type Gain } from './newRights/claimGain.ts'
import { afterLook, type Habits, habits, isDull } from './newRights/habits.ts'
import { isGain } from './newRights/isGain.ts'
import { type Occasion, occasionsAt } from './newRights/occasionsAt.ts'

const options = z.strictObject({
  views: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'write four bytes as hex, such as 0x6d70f7ae'))
    .min(1)
    .max(16)
    .describe(
      'Selectors of functions that say yes or no of an account, such as `0x6d70f7ae` of `isOperator(address)`, or how much it may do. `tocsin init` finds them.',
    ),
  givers: z
    .array(contractOption)
    .max(8)
    .default([])
    .describe(
      'Contracts that may give rights, such as `$safe`: of what they do the calls are read, as nothing else shows what they made the contract write down without a word. The provider must know traces.',
    ),
})
type Options = z.output<typeof options>

const habitsKey = ({ address }: Contract) => `habits ${address}`
const rememberedHabits = remembered(habits)
const recall = (memory: Memory, target: Contract): Habits => rememberedHabits(memory, habitsKey(target)) ?? {}

/**
 * Asks a contract of its own kind, which has no roles of a standard, whether whoever is named in a call may do now what he
 * might not before; and whether the call was one that only few may make.
 *
 * Milder than the monitor's severity (high): what anybody may have done, an account that gave it to itself or that was paid
 * in the same transaction, what a timelock had announced, and what three others were given the same way (medium).
 */
export const newRights = defineDetector<Options>({
  id: 'new-rights',
  title: 'Somebody new has a right',
  scenario:
    'Many contracts keep a list of their own of who may pay, mint or sign. Whoever has the key writes an account of his on it, which no standard event tells of, and takes the money days later as one who may.',
  signal:
    'Whoever is named in a call to the contract, in its events, or in what `givers` do inside is asked about by each of `views` before and after the block. It pages where an account has a right, a level that the call names, that it did not have, or ten times as much of an amount, and the call was one that nobody else may make. `medium` where anybody may make it, it was paid for, the account gave it to itself, tokens moved from or to it, a timelock had announced it, or three others got it the same way before.',
  response:
    'Does anybody know the account in the facts? If not, take it off the list again before it is used, pause, and act as if the key of the sender is stolen.',
  knownLimits: [
    'A right that hangs on more than the account, such as on a token or a pool, is not asked about.',
    'One given through further contracts, without a word from the contract itself, is seen only where these stand under `givers`.',
    'A first amount from nothing, such as a salary, is no right.',
    'A function that gave nobody a right eight times is asked about no more, so that a right hidden in it later is missed.',
    'From the fourth account that is let in the same way it is `medium`, though it may be a thief.',
    'Of roles by the standards `privileged-change` tells, and this does not.',
    'An operator whom honest owners let in, and no timelock announced, pages.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options,
  when: 'none',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const { targets, names, options } = assignment
    const givers = options.givers.map((text) => resolveContract(text, assignment).address)
    const addresses = targets.map(({ address }) => address)
    const views = [...new Set(options.views.map((view) => view.toLowerCase() as Hex))]
    const holders = new Set(addresses)
    const seen = (target: Contract, view: Omit<Observation, 'state'>, habits: Habits) =>
      occasionsAt(target.address, view, (way) => isDull(habits, way))
    return {
      learns: true,
      interests: [
        { kind: 'transaction', touching: addresses },
        { kind: 'log', addresses },
        ...(givers.length > 0 ? [{ kind: 'transaction' as const, touching: givers, traces: 'touching' as const }] : []),
        ...planInterests(names),
      ],
      reads: (view, memory) => [
        ...readsOfPlans(holders, view),
        ...targets.flatMap((target) =>
          seen(target, view, recall(memory, target)).occasions.flatMap((occasion) => [
            ...occasion.accounts.flatMap((account) => views.flatMap((each) => standing(target.address, each, account))),
            ...(occasion.entry ? [byNobody(occasion.entry, target.address)] : []),
          ]),
        ),
      ],
      detect(observation, memory) {
        const claims: Claim[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const target of targets) {
          const before = recall(memory, target)
          const { occasions, left } = seen(target, observation, before)
          if (left > 0) blind.push(`${left} more transactions with ${target.name} in one block were not judged.`)
          let known = before
          for (const occasion of occasions) {
            const { gained, unread } = gainsOf(occasion, target, { observation, views })
            blind.push(...unread)
            if (occasion.isCut)
              blind.push(`Not all whom ${occasion.transaction.hash} names to ${target.name} were asked about.`)
            for (const gain of gained)
              claims.push(claimGain(gain, { occasion, target, habits: before, observation, names }))
            if (unread.length === 0) known = afterLook(known, occasion.way, gained.length)
          }
          if (!isDeepStrictEqual(before, known)) remember[habitsKey(target)] = known
        }
        return { claims, blind: reasonList(blind), memory: remember }
      },
    }
  },
})

const standing = (to: Address, view: Hex, account: Address): [Read, Read] => {
  const data: Hex = `${view}${topicOf(account).slice(2)}`
  return [
    { at: 'parent', kind: 'call', to, data },
    { at: 'block', kind: 'call', to, data },
  ]
}

function gainsOf(
  occasion: Occasion,
  target: Contract,
  { observation, views }: { observation: Observation; views: readonly Hex[] },
): { gained: Gain[]; unread: string[] } {
  const gained: Gain[] = []
  const unread = new Set<string>()
  for (const account of occasion.accounts) {
    for (const view of views) {
      const [before, after] = standing(target.address, view, account).map(observation.state) as [
        ReturnType<Observation['state']>,
        ReturnType<Observation['state']>,
      ]
      for (const each of [before, after]) {
        if (!each.ok && !each.reverted)
          unread.add(`Who may do what with ${target.name} could not be read: ${each.reason}`)
      }
      if (before.ok && after.ok && isGain(before.data, after.data, target, occasion)) gained.push({ account, view })
    }
  }
  return { gained: [...new Map(gained.toReversed().map((gain) => [gain.account, gain])).values()], unread: [...unread] }
}
