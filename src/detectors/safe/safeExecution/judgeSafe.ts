import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
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
import { noneRecent, type Recent, withRecent } from './recent.ts'
import { type SafeLog, safeLogsOf } from './safeLogs.ts'
import { isSafe, nonceBefore, type Settings, settingsAt } from './settings.ts'

/** What is remembered of one Safe. Plain data. `episodes`: silent changes that no transaction could be named for. */
export type SafeMemory = { settings: Settings; recent: Recent; episodes: number }

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
  if ('blind' in now) return { claims: [], blind: [now.blind], memory: kept }
  if ('blind' in before) return { claims: [], blind: [before.blind], memory: undefined }
  if (!memory && isSafe(observation, safe, before) !== true) {
    const why = `${safe.name} does not keep its threshold where a Safe does: its settings are not watched`
    return { claims: [], blind: [why], memory: undefined }
  }
  const episode = (memory?.episodes ?? 0) + 1
  const calls = deeds.flatMap((each) => each.calls)
  const silent = [
    ...claimSilent(judging, before, now, { told, calls, episode }),
    ...claimMissed(judging, before, now, { seen: executions.length, episode }),
  ]
  const claims = [...claimThreshold(judging, before, now, told), ...claimOwners(judging, recent, now, told), ...silent]
  const episodes = episode - (silent.some(({ subject }) => subject) ? 0 : 1)
  return { claims, blind: [], memory: { settings: now, recent, episodes } }
}
