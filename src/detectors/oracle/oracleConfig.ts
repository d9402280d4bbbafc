import { z } from 'zod'
import type { Address, Hex } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Read } from '../../model/read.ts'
import { claimFor } from '../conditions.ts'
import { contractOption, feedsOf, feedsOption, resolveContract, type Source } from '../contractOption.ts'
import { hexShape, remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { planInterests, planOf, readsOfPlans } from '../timelocks/planOf.ts'

const pointer = z.strictObject({
  in: contractOption.describe('The contract that holds the address of its source of prices.'),
  slot: z
    .string()
    .regex(/^0x[0-9a-fA-F]{1,64}$/, 'write a storage slot as hex')
    .optional()
    .describe('The storage slot in which it stands.'),
  call: z
    .string()
    .regex(/^0x[0-9a-fA-F]{8,1000}$/, 'write calldata as hex')
    .optional()
    .describe('Or the calldata to which the contract answers it.'),
})

const options = z.strictObject({
  feeds: feedsOption,
  pointers: z
    .array(pointer.refine(({ slot, call }) => (slot === undefined) !== (call === undefined), 'give slot or call'))
    .max(100)
    .default([])
    .describe('Where contracts keep which source of prices they use, such as `{ in: $market, slot: 0x4 }`.'),
})
type Options = z.output<typeof options>

/** `aggregator()`: what stands behind a feed that is a proxy. Its owner and code are for `privileged-change`. */
const aggregator: Hex = '0x245a7bfc'

type Question = { key: string; read: Read; of: Source; what: string }
const rememberedAnswer = remembered(z.object({ value: hexShape, changes: z.number() }))

/**
 * Speaks when somebody changes which contract gives the prices, or who may change it. What is seen first is taken as right;
 * what a timelock put there as it had announced is told of (medium).
 */
export const oracleConfig = defineDetector<Options>({
  id: 'oracle-config',
  title: 'A source of prices replaced',
  scenario:
    'With a stolen key the feed is pointed at a contract of the thief, which gives any price: from the next block on, whatever is left can be borrowed against nothing.',
  signal:
    'In every block it reads `aggregator()` of each feed and each slot or call under `pointers`. Another value than before pages, as does one that is gone; it is `medium` where a timelock of the config had announced it by a call that names the new one.',
  response:
    'Was this announced? If nobody knows of it, pause borrowing and liquidation before the new source is used, and put the old one back.',
  knownLimits: [
    'What it sees first it takes as right.',
    'Who owns a feed and which code it runs is for `privileged-change`.',
    'A list by asset is read only where a call under `pointers` names the asset.',
    "Chainlink's own move of a feed to a new aggregator, which no timelock of yours announces, pages.",
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options,
  when: 'none',
  needs: ['state'],

  compile(assignment) {
    const questions = questionsOf(assignment)
    const { names } = assignment
    const show = addressShower(names)
    const holders = new Set(questions.map(({ of }) => of.address))
    return {
      interests: [{ kind: 'state', reads: questions.map(({ read }) => read), everyBlocks: 1 }, ...planInterests(names)],
      reads: (view) => readsOfPlans(holders, view),

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const { key, read, of, what } of questions) {
          const result = observation.state(read)
          const known = rememberedAnswer(memory, key)
          if (!result.ok && !result.reverted) {
            blind.push(`The ${what} of ${of.name} could not be read: ${result.reason}`)
          }
          // Most feeds lack some of the functions; one that goes away is as good as one that changes.
          if (!result.ok && !(result.reverted && known)) continue
          const value: Hex = result.ok && result.data.length >= 66 ? (result.data.slice(0, 66) as Hex) : '0x'
          if (known?.value === value || (!known && value === '0x')) continue
          const changes = known ? known.changes + 1 : 0
          remember[key] = { value, changes }
          if (!known) continue
          const now = addressIn(value)
          const plan = now && planOf(of.address, [now], { observation, names, holders })
          claims.push(
            ...claimFor(assignment.targets, `oracle ${of.address}`, {
              key: `${key} change ${changes}`,
              subject: key,
              title: `The ${what} of ${of.name} was changed from ${shown(known.value, show)} to ${shown(value, show)}`,
              facts: { source: of.address, what, before: plain(known.value), now: plain(value), ...planned(plan) },
              evidence: 'hard',
              ...(plan && { severity: 'medium' as const }),
            }),
          )
        }
        return { claims, blind, memory: remember }
      },
    }
  },
})

const planned = (timelock: Address | null) =>
  timelock ? { planned: `it had been scheduled in the timelock ${timelock}` } : {}

function questionsOf(assignment: Parameters<typeof feedsOf>[1] & { options: Options }): Question[] {
  const { feeds, pointers } = assignment.options
  const sources = feeds || pointers.length === 0 ? feedsOf(feeds, assignment) : []
  return [
    ...sources.map(
      (of): Question => ({
        key: `aggregator of ${of.address}`,
        read: { kind: 'call', at: 'block', to: of.address, data: aggregator },
        of,
        what: 'aggregator',
      }),
    ),
    ...pointers.map(({ in: holder, slot, call }): Question => {
      const of = resolveContract(holder, assignment)
      const read: Read =
        slot === undefined
          ? { kind: 'call', at: 'block', to: of.address, data: call!.toLowerCase() as Hex }
          : { kind: 'storage', at: 'block', of: of.address, slot: `0x${slot.slice(2).padStart(64, '0').toLowerCase()}` }
      return { key: `pointer ${of.address} ${slot ?? call}`, read, of, what: 'source of prices' }
    }),
  ]
}

const addressIn = (value: Hex): Address | null =>
  /^0x0{24}[0-9a-f]{40}$/.test(value) && BigInt(value) >> 64n > 0n ? `0x${value.slice(26)}` : null
const plain = (value: Hex): string => (value === '0x' ? 'none' : (addressIn(value) ?? BigInt(value).toString()))
function shown(value: Hex, show: (address: Address) => string): string {
  const address = addressIn(value)
  return address ? show(address) : plain(value)
}
