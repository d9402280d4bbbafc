import { isDeepStrictEqual } from 'node:util'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector, type Interest, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Severity } from '../../model/severity.ts'
import { reasonList } from '../reasonList.ts'
import { moduleCallsOf } from '../safe/safeExecution/moduleCalls.ts'
import { type SafeLog, safeLogsOf, safeTopics } from '../safe/safeExecution/safeLogs.ts'
import { addressShower } from '../showAddress.ts'
import { resolvePlace } from './governance/place.ts'
import { readsOfRisk, riskOf } from './governance/risk.ts'
import { claimQuestion, claimQueued } from './moduleQueue/claimQueued.ts'
import { claimStanding, readsOfStanding } from './moduleQueue/claimStanding.ts'
import { closeRows } from './moduleQueue/closeRows.ts'
import { answerTopics, judgeAnswers, readsOfAnswers } from './moduleQueue/judgeAnswers.ts'
import { judgeAssertions, judgeDelay, readsOfAssertions, readsOfDelay } from './moduleQueue/judgeExecutions.ts'
import { moduleLogsOf, moduleTopics } from './moduleQueue/moduleLogs.ts'
import { moduleOrdersMax, moduleOrdersOf, readsOfOrder, settledOrder } from './moduleQueue/moduleOrders.ts'
import { moduleRead } from './moduleQueue/moduleReads.ts'
import { type ModuleQueueOptions, moduleQueueOptions } from './moduleQueue/options.ts'
import { isCounted, rowOf, rowsAsJson, rowsIn, rowsMax } from './moduleQueue/queueRows.ts'

type View = Omit<Observation, 'state'>
type Plan = {
  options: ModuleQueueOptions
  names: Assignment<unknown>['names']
  modules: readonly Address[]
  account: Contract | null
  show(address: Address): string
}

/**
 * Reads what modules will do, or may do, in the name of a Safe without its signers.
 *
 * By risk score: what is queued (low, medium, high). Graver than the monitor's severity (high): what is executed without
 * having been queued, before its time or other than queued, a proposal whose hash is not of its calls (critical). Milder:
 * roles for contracts, other rules, votes outside the chain (medium).
 */
export const moduleQueue = defineDetector<ModuleQueueOptions>({
  id: 'module-queue',
  title: 'What modules will do, or did, in the name of a Safe',
  scenario:
    'A key that may queue orders in a module of the Safe is stolen, or a proposal outside the chain is one nobody read. The signers are never asked: after the cooldown or the challenge window anybody has it executed, and the Safe is empty.',
  signal:
    "It reads the queues and events of Zodiac's Delay, Roles and Reality and of UMA's Optimistic Governor: what is queued is decoded and weighed as by `governance`, `medium` from `mediumFrom`, `high` from `highFrom`, with the time until which it can be stopped. `critical`: a Delay had the Safe execute more, sooner or something else than had waited, or a proposal was executed that was never made or whose hash is not of its calls. `high`: a role for a single key, a contract opened to delegatecalls, a shorter cooldown, ten times the allowance, a stranger who tells reality.eth that a vote passed.",
  response:
    'Read the calls. Until the time in the facts it can still be stopped as they say: skip it in the queue, dispute the assertion, or disable the module with the signatures of the Safe. If something was executed that had not been queued, take the module for hostile: disable it, and move what the Safe still holds.',
  knownLimits: [
    'The calls of a Reality proposal stand on no chain until they are made; only its question is told.',
    'A Delay of version 1.0 changes its settings without an event, which is not seen.',
    'Modules of other kinds are not read; that one acted soon after it was enabled is told by `safe-execution`.',
    'More than 64 waiting orders of one module push the oldest out.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options: moduleQueueOptions,
  when: 'none',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const plan = planOf(assignment)
    const { modules, account, options } = plan
    return {
      learns: true,
      interests: [
        { kind: 'log', addresses: modules, topics: moduleTopics },
        { kind: 'log', topics: answerTopics },
        { kind: 'transaction', touching: modules },
        ...(account ? [{ kind: 'log' as const, addresses: [account.address], topics: safeTopics }] : []),
        { kind: 'tick', everyBlocks: options.everyBlocks },
      ] satisfies Interest[],
      ...(!account && {
        notes: ['What modules execute, and how much of the money it moves, is not seen without the option `account`.'],
      }),
      reads: (view, memory) => readsOf(plan, view, memory),
      detect: (observation, memory) => judge(plan, observation, memory),
    }
  },
})

function planOf(assignment: Assignment<ModuleQueueOptions>): Plan {
  const { options, targets, names, chain } = assignment
  const safes = [...names.values()].filter(({ kind }) => kind === 'safe')
  const address = resolvePlace(options.account, assignment) ?? (safes.length === 1 ? safes[0]?.address : undefined)
  const named = [...names.values()].find((each) => each.address === address)
  const plain = address && { name: address, chain: chain.name, address, role: 'protected' as const }
  return {
    ...{ options, names },
    modules: targets.map((each) => each.address).filter((each) => each !== address),
    account: named ?? plain ?? null,
    show: addressShower(names),
  }
}

const actsOf = (told: readonly SafeLog[], module: Address) =>
  told
    .filter(({ name, values }) => (name === 'moduleSuccess' || name === 'moduleFailure') && values[0] === module)
    .map(({ log }) => log)

function toldBy({ modules, account, show }: Plan, view: View) {
  const module = moduleLogsOf(view.logs, modules, show)
  const safe = account ? safeLogsOf(view.logs, account) : { told: [], unread: [] }
  return { told: module.told, safeTold: safe.told, unread: [...module.unread, ...safe.unread] }
}

/** A queue is looked at after whatever may have moved it, and now and then. */
const isTouched = ({ logs, outcomes, ticked }: View, module: Address) =>
  ticked || logs.some(({ address }) => address === module) || outcomes.some(({ transaction: { to } }) => to === module)

function readsOf(plan: Plan, view: View, memory: Memory): Read[] {
  const { modules, account } = plan
  const { told, safeTold } = toldBy(plan, view)
  const orders = moduleOrdersOf(told, view, account?.address ?? null)
  const acting = modules.filter((module) => actsOf(safeTold, module).length > 0)
  const waiting = modules.filter((module) => isTouched(view, module) && rowsIn(memory, module).some(isCounted))
  return [
    ...orders.flatMap((order) => [...readsOfOrder(order), ...readsOfRisk(order)]),
    ...told.flatMap(readsOfStanding),
    ...readsOfAssertions(told),
    ...modules.flatMap((module) => readsOfAnswers(module, told, view, memory)),
    ...acting.flatMap(readsOfDelay),
    ...waiting.map((module) => moduleRead(module, 'txNonce', 'block')),
  ]
}

function judge(plan: Plan, observation: Observation, memory: Memory) {
  const { modules, account, names, show, options } = plan
  const { told, safeTold, unread } = toldBy(plan, observation)
  const weighing = { observation, names, show }
  const of = { account: account?.address ?? null, observation, show }
  const orders = moduleOrdersOf(told, observation, of.account).map((each) => {
    const order = settledOrder(each, observation)
    const risk = riskOf(order, weighing)
    return { order, risk, severity: order.isFalse ? ('critical' as const) : severityOf(risk.score, options) }
  })
  const known = new Set([...names.values()].map(({ address }) => address))
  const seen = account ? moduleCallsOf(account, safeTold, observation) : []
  const assertions = judgeAssertions(told, of)
  const claims: Claim[] = [
    ...orders.flatMap(({ order, risk, severity }) =>
      claimQueued(order, risk, { severity, account: of.account, weighing }),
    ),
    ...told.flatMap((each) =>
      each.name === 'question' ? [claimQuestion(each, of.account, show)] : claimStanding(each, of),
    ),
    ...assertions.claims,
  ]
  const blind = [...unread, ...assertions.blind]
  const cleared: string[] = []
  const remember: Record<string, Json> = {}
  for (const module of modules) {
    const rows = rowsIn(memory, module)
    const ended = actsOf(safeTold, module)
    if (account) {
      const judged = judgeDelay({ ...of, account: account.address, module, ended, seen, rows })
      claims.push(...judged.claims)
      blind.push(...judged.blind)
    }
    const answers = judgeAnswers(module, told, { ...of, memory, known })
    claims.push(...answers.claims)
    blind.push(...answers.blind)
    Object.assign(remember, answers.memory)
    const fresh = orders.flatMap(({ order, risk, severity }) =>
      order.at === module ? [rowOf(order, observation.block.timestamp, severity, risk.score)] : [],
    )
    const moved = isTouched(observation, module) || ended.length > 0
    const closed = closeRows(rows, { ...of, module, ended, told, moved })
    claims.push(...closed.claims)
    cleared.push(...closed.cleared)
    blind.push(...closed.blind)
    const all = [...closed.rows, ...fresh]
    if (all.length > rowsMax) blind.push(`${show(module)} holds more than ${rowsMax} orders: the oldest are forgotten`)
    const next = all.slice(-rowsMax)
    if (!isDeepStrictEqual(next, rows)) Object.assign(remember, rowsAsJson(module, next))
  }
  if (orders.length === moduleOrdersMax)
    blind.push(`More than ${moduleOrdersMax - 1} orders in one block: not all of them are judged`)
  for (const { order } of orders)
    blind.push(...order.unread.map((why) => `Part of what ${show(order.at)} queued could not be read: ${why}`))
  return { claims, cleared, blind: reasonList(blind), memory: remember }
}

const severityOf = (score: number, { mediumFrom, highFrom }: ModuleQueueOptions): Severity =>
  score >= highFrom ? 'high' : score >= mediumFrom ? 'medium' : 'low'
