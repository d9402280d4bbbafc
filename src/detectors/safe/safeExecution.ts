import { isDeepStrictEqual } from 'node:util'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Interest, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { unfoldCalls } from '../calls/unfoldCalls.ts'
import { reasonList } from '../reasonList.ts'
import { addressShower } from '../showAddress.ts'
import { readsOfCode, unfoldAs } from './safeExecution/claimExecutions.ts'
import { candidatesOf } from './safeExecution/executionsOf.ts'
import { judgeSafe, rememberedSafe, type SafeMemory } from './safeExecution/judgeSafe.ts'
import { moduleCallsOf } from './safeExecution/moduleCalls.ts'
import { type Allowed, allowedOf, type SafeExecutionOptions, safeExecutionOptions } from './safeExecution/options.ts'
import { safeLogsOf, safeTopics } from './safeExecution/safeLogs.ts'
import { nonceBefore, readsOfSettings } from './safeExecution/settings.ts'

const memoryKey = ({ address }: Contract) => `safe ${address}`
const recall = (memory: Memory, safe: Contract) => rememberedSafe(memory, memoryKey(safe))

type View = Omit<Observation, 'state'>

/** A Safe that told something or was called may be another one afterwards; others are looked at now and then. */
const isDue = (safe: Contract, { logs, outcomes, ticked }: View, memory: SafeMemory | undefined) =>
  ticked ||
  memory === undefined ||
  memory.unread.events.length > 0 ||
  logs.some(({ address }) => address === safe.address) ||
  outcomes.some(
    ({ transaction: { to }, calls }) => to === safe.address || calls?.some((call) => call.to === safe.address),
  )

/**
 * Reads what a Safe is made to do, from the calldata of whoever has it executed, and who decides over it, from its storage.
 *
 * Graver than the monitor's severity (high): code of strangers that runs as the Safe, a lower threshold, new owners that
 * are enough to sign, a module that acts within a day, settings that changed without an event (critical). Milder: settings
 * changed within a batch, unusual refunds of gas (medium).
 */
export const safeExecution = defineDetector<SafeExecutionOptions>({
  id: 'safe-execution',
  title: 'A Safe runs strange code or loosens its own rules',
  scenario:
    'The owners are shown a harmless transfer and sign a delegatecall, which swaps the code of the Safe; or two stolen keys lower the threshold. No coin moves yet, and minutes later everything does.',
  signal:
    'What the owners signed is read from the calldata of whoever has it executed, and checked by recomputing the hash that the Safe tells; batches are opened. `critical`: code of strangers ran as the Safe (a delegatecall to none of the libraries that Safe publishes nor `delegatecalls`), the threshold fell, owners who are new within a day are enough to sign, a module acted within a day of being enabled, or settings in the storage changed without an event. `high`: such a delegatecall that failed, a nonce that leapt, and with `announced` any other hash. `medium`: settings changed within a batch, gas paid to a stranger.',
  response:
    'Ask the owners on another channel what they believed to sign. If it was not this: move what the Safe still controls with a second Safe or a guardian, pause what depends on it, and tell exchanges and issuers who can freeze.',
  knownLimits: [
    'A plain transfer or call that the owners were tricked into signing is in order here; for payments there are `outflow-cap` and `test-payment`.',
    'What an old module makes the Safe do is read from traces only, so not without `internal`.',
    'Nothing is seen of signatures collected off the chain until somebody executes.',
    'Where no calldata holds what was signed, as when a contract builds it on the way, only the settings in the storage are judged.',
    'A migration of the owners to new keys within one day looks like a takeover and is `critical`.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options: safeExecutionOptions,
  when: 'none',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const { options, targets, names, chain } = assignment
    const lists = allowedOf(assignment)
    const addresses = targets.map(({ address }) => address)
    const show = addressShower(names)
    const { internal, everyBlocks } = options
    return {
      interests: [
        { kind: 'log', addresses, topics: safeTopics },
        { kind: 'transaction', touching: addresses, ...(internal && { traces: internal }) },
        { kind: 'tick', everyBlocks },
      ] satisfies Interest[],
      ...(!internal && { notes: ['What modules make a Safe do is read from traces only: see the option `internal`.'] }),

      reads: (view, memory) => [
        ...lists.reads(view),
        ...targets.flatMap((safe) => readsOf(safe, view, recall(memory, safe), lists.certain(view))),
      ],

      detect(observation, memory) {
        const claims: Claim[] = []
        const { allowed, blind: unread } = lists.at(observation)
        const blind = [...unread]
        const remember: Record<string, Json> = {}
        for (const safe of targets) {
          const known = recall(memory, safe)
          const judged = judgeSafe({
            ...{ safe, observation, allowed, show, chainId: chain.id, memory: known },
            isDue: isDue(safe, observation, known),
            internal: internal !== undefined,
          })
          claims.push(...judged.claims)
          blind.push(...judged.blind)
          if (judged.memory && !isDeepStrictEqual(judged.memory, known)) remember[memoryKey(safe)] = judged.memory
        }
        return { claims, blind: reasonList(blind), memory: remember }
      },
    }
  },
})

function readsOf(safe: Contract, view: View, memory: SafeMemory | undefined, allowed: Allowed): Read[] {
  const { told } = safeLogsOf(view.logs, safe)
  const ended = told.filter(({ name }) => name === 'success' || name === 'failure')
  const signed = [...new Set(ended.map(({ log }) => log.transactionIndex))].flatMap((index) =>
    candidatesOf(safe, told, view, index),
  )
  const calls = [
    ...signed.flatMap(
      ({ to, value, data, operation }) =>
        unfoldCalls([
          { by: safe.address, to, value, data, way: operation === 1n ? 'delegatecall' : 'call', inside: [] },
        ]).calls,
    ),
    ...moduleCallsOf(safe, told, view).flatMap((call) => unfoldAs(safe, call).calls),
  ]
  return [
    ...(isDue(safe, view, memory) ? readsOfSettings(safe, memory !== undefined) : []),
    ...(ended.length > 0 ? [nonceBefore(safe.address)] : []),
    ...readsOfCode(safe, calls, allowed),
  ]
}
