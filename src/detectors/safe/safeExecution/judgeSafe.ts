import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { hexShape, remembered } from '../../remembered.ts'
import {
  claimDelegatecalls,
  claimRefund,
  claimSettings,
  claimUnannounced,
  type Done,
  unfoldAs,
  unfoldExecution,
} from './claimExecutions.ts'
import { claimMissed, claimNewModule, claimOwners, claimSilent, claimThreshold } from './claimPower.ts'
import { type Execution, executionsOf } from './executionsOf.ts'
import { moduleCallsOf } from './moduleCalls.ts'
import type { Allowed } from './options.ts'
import { noneRecent, type Recent, recentShape, withRecent } from './recent.ts'
import { type SafeLog, safeEventNames, safeLogsOf } from './safeLogs.ts'
import { execSelector } from './safeTransaction.ts'
import { isSafe, nonceBefore, settingNames, settingsAt } from './settings.ts'

/**
 * What is remembered of one Safe. Plain data. `episodes`: silent changes that no transaction could be named for.
 * `unread`: what it told since its settings were last read, in blocks in which nobody could read them.
 */
const safeShape = z.object({
  settings: z.record(z.enum(settingNames), hexShape),
  recent: recentShape,
  episodes: z.number(),
  unread: z.object({ executions: z.number(), events: z.array(z.enum(safeEventNames)) }),
})
export type SafeMemory = z.output<typeof safeShape>
export const rememberedSafe = remembered(safeShape)
type Unread = SafeMemory['unread']
const noneUnread: Unread = { executions: 0, events: [] }

export type Judging = {
  safe: Contract
  observation: Observation
  memory: SafeMemory | undefined
  /** Its settings were read in this block. */
  isDue: boolean
  allowed: Allowed
  chainId: number
  internal: boolean
  show(address: Address): string
}

export type Judged = { claims: Claim[]; blind: string[]; memory: SafeMemory | undefined }

/** All that is to be said of one Safe in one block. */
export function judgeSafe(judging: Judging): Judged {
  const { safe, observation, chainId, internal, memory } = judging
  const { told, unread } = safeLogsOf(observation.logs, safe)
  const executions = executionsOf(safe, told, observation, { chainId, nonce: nonceOf(observation, safe, told) })
  const done = executions.map((execution) => ({ execution, done: unfoldExecution(safe, execution) }))
  const byModule = moduleCallsOf(safe, told, observation).map((call) => ({ call, done: unfoldAs(safe, call) }))
  const deeds = [...done.flatMap((each) => each.done ?? []), ...byModule.map((each) => each.done)]
  const recent = withRecent(memory?.recent ?? noneRecent, told, observation.block.timestamp)
  const moduleDone = (log: SafeLog['log']) => byModule.find(({ call }) => call.log === log)?.done
  const claims = [
    ...deeds.flatMap((each) => [...claimDelegatecalls(judging, each), ...claimSettings(judging, each)]),
    ...done.flatMap((each) => [
      ...claimRefund(judging, each.execution),
      ...claimUnannounced(judging, each.execution, each.done),
    ]),
    ...told.flatMap((log) => claimNewModule(judging, recent, log, moduleDone(log.log))),
  ]
  const blind = [
    ...unread,
    ...deeds.flatMap((each) =>
      each.unread.map((why) => `A batch that ${safe.name} executed could not be read: ${why}`),
    ),
    ...executions.flatMap((each) => unseen(each, safe, internal)),
  ]
  const settled = judgeSettings(judging, { told, executions, deeds, recent })
  return { claims: [...claims, ...settled.claims], blind: [...blind, ...settled.blind], memory: settled.memory }
}

function nonceOf(observation: Observation, safe: Contract, told: readonly SafeLog[]): bigint | null {
  if (!told.some(({ name }) => name === 'success' || name === 'failure')) return null
  const answer = observation.state(nonceBefore(safe.address))
  return answer.ok ? BigInt(answer.data) : null
}

function unseen({ signed, transaction }: Execution, safe: Contract, internal: boolean): string[] {
  if (signed) return []
  const advice = internal ? '' : '; the option `internal` shows it'
  return [`What ${safe.name} executed in ${transaction.hash as Hex} stands in no calldata that can be seen${advice}`]
}

function judgeSettings(
  judging: Judging,
  { told, executions, deeds, recent }: { told: SafeLog[]; executions: Execution[]; deeds: Done[]; recent: Recent },
): Judged {
  const { safe, observation, memory, isDue } = judging
  const kept = memory && { ...memory, recent }
  if (!isDue) return { claims: [], blind: [], memory: kept }
  const now = settingsAt(observation, safe, 'block')
  const before = memory?.settings ?? settingsAt(observation, safe, 'parent')
  const { unread = noneUnread } = memory ?? {}
  if ('blind' in now) {
    const events = [...new Set([...unread.events, ...told.map(({ name }) => name)])]
    const later = { executions: unread.executions + executions.length, events }
    return { claims: [], blind: [now.blind], memory: kept && { ...kept, unread: later } }
  }
  if ('blind' in before) return { claims: [], blind: [before.blind], memory: undefined }
  if (!memory && isSafe(observation, safe, before) !== true) {
    const why = `${safe.name} does not keep its threshold where a Safe does: its settings are not watched`
    return { claims: [], blind: [why], memory: undefined }
  }
  const mute = executions.length === 0 ? muteExecutions(safe, observation) : 0
  const episode = (memory?.episodes ?? 0) + 1
  const calls = deeds.flatMap((each) => each.calls)
  const silent = [
    ...claimSilent(judging, before, now, {
      events: [...unread.events, ...told.map(({ name }) => name)],
      calls,
      episode,
    }),
    ...claimMissed(judging, before, now, { seen: unread.executions + executions.length + mute, episode }),
  ]
  const claims = [...claimThreshold(judging, before, now, told), ...claimOwners(judging, recent, now, told), ...silent]
  const episodes = episode - (silent.some(({ subject }) => subject) ? 0 : 1)
  const blind =
    mute > 0 && now.nonce !== before.nonce
      ? [`${safe.name} tells nothing of what it executes: Safes do since version 1.0`]
      : []
  return { claims, blind, memory: { settings: now, recent, episodes, unread: noneUnread } }
}

/** Executions that are seen though the Safe writes no event. */
function muteExecutions({ address }: Contract, { outcomes }: Observation): number {
  const isCalled = ({ transaction: { to, input }, receipt }: Observation['outcomes'][number]) =>
    to === address && input.startsWith(execSelector) && receipt?.status === 'success'
  return outcomes.filter(isCalled).length
}
