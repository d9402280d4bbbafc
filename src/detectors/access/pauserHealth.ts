import { toFunctionSelector } from 'viem/utils'
import { z } from 'zod'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import { KnownError } from '../../model/error.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { hexShape, remembered } from '../remembered.ts'
import { planOf, readsOfPlans, timelocksOf } from '../timelocks/planOf.ts'
import { executionTopics } from '../timelocks/timelockExecutions.ts'

const options = z.strictObject({
  pauser: z
    .string()
    .regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
    .describe('Who is to pause in an emergency.'),
  pause: z
    .string()
    .regex(/^\w{1,64}\(\)$/, 'write a function without arguments, such as pause()')
    .default('pause()')
    .describe('The function that pauses.'),
  data: z
    .string()
    .regex(/^0x([0-9a-fA-F]{2}){4,1024}$/, 'write the calldata as hex')
    .optional()
    .describe('Calldata of the whole call, where the function takes arguments. `pause` is then only its name.'),
  minBalance: z
    .number()
    .min(0)
    .max(1000)
    .default(0.05)
    .describe('Coins that a key must have to pay for the call. Does not hold where the pauser is a contract.'),
  everyBlocks: z.int().min(1).max(1000).default(25).describe('How often it is tried.'),
})
type Options = z.output<typeof options>

const kept = z.object({
  episodes: z.number(),
  trouble: z.string().nullable(),
  /** The timelock that announced to change something of the pauser here, and the unix time in which it did. */
  planned: z.tuple([hexShape, z.number()]).exactOptional(),
})
type Remembered = z.output<typeof kept>
const rememberedHealth = remembered(kept)

const pausedSelector: Hex = '0x5c975abb'
/** So long a change that was announced explains what a pauser cannot do. */
const plannedSeconds = 86_400

/**
 * Tries every so many blocks, as a question that changes nothing, whether the pauser could pause now. It speaks once of a
 * trouble, and says itself when that is over. A target that is paused already is fine.
 *
 * Milder than the monitor's severity (high): a call that fails since a timelock carried out, as it had announced, something
 * that names the pauser (medium).
 */
export const pauserHealth = defineDetector<Options>({
  id: 'pauser-health',
  title: 'Nobody could pause, were it needed',
  scenario:
    'On the day of the attack the one key that could pause turns out to have no coins for gas, to have lost its role months ago, or the time in which a pause was allowed is over.',
  signal:
    'Every `everyBlocks` it asks the contract, without a transaction, what `pause` (or `data`) would do if `pauser` called it now, and reads the balance of the pauser. It pages once where the call would fail, or where a pauser that is a key has less than `minBalance`; `medium` for a day where a timelock of the config had announced a change that names the pauser. A contract that is paused already is fine.',
  response:
    'Give the pauser what it lacks today, and ask who took it: whoever prepares an attack takes the brakes off first. Until it can pause again, name somebody else who can.',
  knownLimits: [
    'Whether the people behind the key are awake, and have it at hand, is on no chain.',
    'Of a pauser that is a Safe it tries the call in its name, not whether enough signers can be reached.',
    'Transactions of the pauser that hang unmined, and would hold up a pause, are not seen.',
    'A pause that passes and stops nothing passes here, too.',
  ],
  severity: 'high',
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile({ options: given, targets, names }) {
    const named = given.pauser.startsWith('$') ? names.get(given.pauser.slice(1)) : undefined
    if (given.pauser.startsWith('$') && !named) {
      throw new KnownError('invalid', `The pauser ${given.pauser} is no contract of the config on this chain.`)
    }
    const pauser = {
      name: named?.name ?? given.pauser,
      address: named?.address ?? (given.pauser.toLowerCase() as Address),
    }
    const pause = (given.data?.toLowerCase() as Hex | undefined) ?? toFunctionSelector(given.pause)
    const minWei = BigInt(Math.round(given.minBalance * 1e9)) * 10n ** 9n
    const timelocks = timelocksOf(names)
    const holders = new Set(targets.map(({ address }) => address))
    const readsFor = ({ address }: Contract) => questions(address, pauser.address, pause)
    return {
      interests: [
        { kind: 'tick', everyBlocks: given.everyBlocks },
        ...(timelocks.length > 0 ? [{ kind: 'log' as const, addresses: timelocks, topics: executionTopics }] : []),
      ],
      reads: (view) => [
        ...(view.ticked ? targets.flatMap((target) => Object.values(readsFor(target))) : []),
        ...(timelocks.length > 0 ? readsOfPlans(holders, view) : []),
      ],
      detect(observation, memory) {
        const [claims, cleared, blind]: [Claim[], string[], string[]] = [[], [], []]
        const changed: Record<string, Json> = {}
        for (const target of targets) {
          const known = withPlan(recall(memory, target), target, pauser.address, { observation, names, holders })
          if (known !== recall(memory, target)) changed[target.address] = known
          if (!observation.ticked) continue
          const found = troubleOf(observation, readsFor(target), { target, pauser, pause: given.pause, minWei })
          if ('blind' in found) {
            blind.push(`Whether ${pauser.name} can pause ${target.name} is not known: ${found.blind}`)
            continue
          }
          const { episodes, trouble } = known
          if ((found.trouble === null) === (trouble === null)) continue
          if (found.trouble === null) cleared.push(groupOf(target))
          else claims.push(claimOf(target, pauser.address, found, { ...known, now: observation.block.timestamp }))
          const next: Remembered = {
            ...known,
            episodes: found.trouble === null ? episodes : episodes + 1,
            trouble: found.trouble,
          }
          changed[target.address] = next
        }
        return { claims, cleared, blind, memory: changed }
      },
    }
  },
})

const questions = (target: Address, pauser: Address, pause: Hex) =>
  ({
    paused: { at: 'block', kind: 'call', to: target, data: pausedSelector },
    tried: { at: 'block', kind: 'call', to: target, data: pause, from: pauser },
    balance: { at: 'block', kind: 'balance', of: pauser },
    code: { at: 'block', kind: 'code', of: pauser },
  }) as const satisfies Record<string, Read>

type Question = { target: Contract; pauser: { name: string; address: Address }; pause: string; minWei: bigint }

function troubleOf(
  { state }: Observation,
  reads: ReturnType<typeof questions>,
  { target, pauser, pause, minWei }: Question,
): { trouble: string; isRefused: boolean } | { trouble: null } | { blind: string } {
  const [paused, tried, balance, code] = [reads.paused, reads.tried, reads.balance, reads.code].map(state)
  // Of a contract without code there is no word, and so nothing to turn into a number.
  if (paused?.ok && /^0x0{63}1/.test(paused.data)) return { trouble: null }
  for (const answer of [tried, balance, code])
    if (answer && !answer.ok && !answer.reverted) return { blind: answer.reason }
  if (tried?.ok === false) {
    return {
      trouble: `${pauser.name} could not pause ${target.name} now: ${pause} would fail`,
      isRefused: true,
    }
  }
  const isKey = code?.ok && code.data.length <= 48
  const wei = balance?.ok ? BigInt(balance.data) : 0n
  if (!isKey || wei >= minWei) return { trouble: null }
  return {
    trouble: `${pauser.name}, who is to pause ${target.name}, has ${coins(wei)} coins left for gas`,
    isRefused: false,
  }
}

const coins = (wei: bigint) => (Number(wei / 10n ** 9n) / 1e9).toFixed(4)

const groupOf = ({ address }: Contract) => `pauser of ${address}`

function recall(memory: Memory, { address }: Contract): Remembered {
  return rememberedHealth(memory, address) ?? { episodes: 0, trouble: null }
}

/** With the timelock that carried out in this block what it had announced, by a call that names the pauser. */
function withPlan(
  known: Remembered,
  { address }: Contract,
  pauser: Address,
  looking: Parameters<typeof planOf>[2],
): Remembered {
  const timelock = planOf(address, [pauser], looking)
  return timelock ? { ...known, planned: [timelock, looking.observation.block.timestamp] } : known
}

function claimOf(
  { address }: Contract,
  pauser: Address,
  { trouble, isRefused }: { trouble: string; isRefused: boolean },
  { episodes, planned, now }: Remembered & { now: number },
): Claim {
  const isPlanned = isRefused && planned !== undefined && now - planned[1] <= plannedSeconds
  return {
    key: `episode ${episodes + 1}`,
    subject: `pauser of ${address}`,
    address,
    title: trouble,
    facts: { pauser, ...(isPlanned && { planned: `it had been scheduled in the timelock ${planned[0]}` }) },
    evidence: 'hard',
    ...(isPlanned && { severity: 'medium' as const }),
    group: `pauser of ${address}`,
  }
}
