import { isDeepStrictEqual } from 'node:util'
import { logsNamed } from '../../evm/abi/namedEvents.ts'
import type { Address } from '../../model/chain.ts'
import { type Assignment, defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Severity } from '../../model/severity.ts'
import { reasonList } from '../reasonList.ts'
import { addressShower } from '../showAddress.ts'
import { timelockExecutions } from '../timelocks/timelockExecutions.ts'
import { claimBypass, claimHaste } from './governance/claimExecuted.ts'
import { claimOrder, groupOf } from './governance/claimOrders.ts'
import { claimRules } from './governance/claimRules.ts'
import { claimGain, claimQuorate, claimVote, readsOfTallies, readsOfVotes, votesOf } from './governance/claimVotes.ts'
import { questionsOf } from './governance/effects.ts'
import { type Foresight, foresee, readsOfForesight } from './governance/foresee.ts'
import { type GovernanceLog, governanceLogsOf, governanceTopics, powerTopics } from './governance/governanceLogs.ts'
import { guardiansOf } from './governance/guardians.ts'
import { type GovernanceOptions, governanceOptions } from './governance/options.ts'
import { ordersMax, ordersOf } from './governance/orders.ts'
import { resolvePlace } from './governance/place.ts'
import { nextPower, type PowerRow, powerAsJson, powerIn, powerKey } from './governance/power.ts'
import { asJson, nextProposals, proposalsIn, proposalsKey } from './governance/proposals.ts'
import { knownQuorum, quorumKey, readQuorum, readsOfQuorum } from './governance/quorum.ts'
import { readsOfRisk, riskOf } from './governance/risk.ts'

type View = Omit<Observation, 'state'>

type Plan = {
  options: GovernanceOptions
  names: Assignment<GovernanceOptions>['names']
  /** Contracts that may be governors. */
  governors: readonly Address[]
  executorOf(at: Address): Address
  votes: Address | undefined
  foresight: Foresight
  show(address: Address): string
}

/**
 * Reads what is proposed and scheduled before it is done, and whether it is done as it should be.
 *
 * By risk score: proposals and operations (low, medium, high). Graver than the monitor's severity (high): operations that
 * were never scheduled, proposals executed at once or during the vote, lent votes that reach the quorum (critical). Milder:
 * rules that became stricter or were decided as they should be, votes won within a week (medium).
 */
export const governance = defineDetector<GovernanceOptions>({
  id: 'governance',
  title: 'Dangerous proposals, and decisions that skip the vote or the delay',
  scenario:
    'A proposal with a friendly title hands the treasury to whoever wrote it; borrowed votes pass it while nobody reads the calls, or a hole in the timelock lets them be executed at once.',
  signal:
    'Calls of proposals and scheduled operations are decoded to the last one and weighed: other code or a delegatecall 40; a change of power or of the rules 30; a payment of 1 %, 20 % or half of what the payer holds 30 to 70; each sign of ill will 10 to 20. From `mediumFrom` it is `medium`, from `highFrom` `high`. Until it is over it is carried out in a simulation every `simulateEvery` blocks: a guardian lost, another owner or code, or `lossPercent` gone that the calls do not say is `high`. `critical`: executing what was never scheduled or is still voted on, and votes won in the same transaction or given back since, from the quorum on (less is `high`).',
  response:
    'Read the calls, not the title. Until the time in the facts it can still be voted down or cancelled: call those who hold votes, and the guardian who may cancel. If it was executed without having been scheduled, treat the timelock as taken: pause what it rules.',
  knownLimits: [
    "It knows OpenZeppelin's Governor, TimelockController and AccessManager and Compound's governor and timelock; of others it decodes nothing.",
    'Code that tells a simulation from the real thing can hide its effect, and calls that only the governor itself may make fail in it.',
    'Whose votes grow, and whether they were borrowed, is seen only where `votes` names the token.',
    'A timelock without a delay may schedule and execute at once, which is `medium`.',
    'Votes and deals off the chain are not seen; for Snapshot with oSnap or Reality there is `module-queue`.',
    'An honest proposal that pays out a fifth of the treasury and changes the rules at once reaches `highFrom`.',
    'What was proposed before the blocks that a new monitor looks back on is judged only when it is executed.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options: governanceOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const plan = planOf(assignment)
    const addresses = assignment.targets.map(({ address }) => address)
    return {
      limits: { highFrom: plan.options.highFrom },
      learns: true,
      interests: [
        { kind: 'log', addresses, topics: governanceTopics },
        ...(plan.votes ? [{ kind: 'log' as const, addresses: [plan.votes], topics: powerTopics }] : []),
        // Of what is open, memory tells; in which blocks it is simulated depends on how near its end is.
        ...(plan.options.simulateEvery > 0 ? [{ kind: 'tick' as const, everyBlocks: 1 }] : []),
      ],
      ...(plan.options.simulateEvery > 0 && { simulates: true }),
      notes: notesOf(plan),
      reads: (view, memory) => readsOf(plan, view, memory),
      detect: (observation, memory) => judge(plan, observation, memory),
    }
  },
})

function notesOf({ votes, options: { simulateEvery, guardians } }: Plan): string[] {
  return [
    ...(votes ? [] : ['Whose votes grow is not seen without the option `votes`.']),
    ...(simulateEvery > 0
      ? [
          `While something is open, its effect is simulated every ${simulateEvery} blocks, and in every block of the hour around its end: ${1 + guardians.length} eth_simulateV1 each time, which the provider must know.`,
        ]
      : ['What proposals would do is not simulated, as the option `simulateEvery` is 0.']),
  ]
}

function planOf(assignment: Assignment<GovernanceOptions>): Plan {
  const { options, targets, names } = assignment
  const timelocks = targets.filter(({ kind }) => kind === 'timelock')
  const only = timelocks.length === 1 ? timelocks[0]?.address : undefined
  const executor = resolvePlace(options.executor, assignment) ?? only
  const show = addressShower(names)
  return {
    ...{ options, names },
    governors: targets.filter(({ kind }) => kind !== 'timelock').map(({ address }) => address),
    executorOf: (at) => executor ?? at,
    votes: resolvePlace(options.votes, assignment),
    foresight: {
      questions: questionsOf(names, [...(executor ? [executor] : []), ...targets.map(({ address }) => address)]),
      guardians: guardiansOf(options.guardians, assignment),
      everyBlocks: options.simulateEvery,
      lossPercent: options.lossPercent,
      show,
    },
    show,
  }
}

const needsQuorum = (told: readonly GovernanceLog[]) =>
  told.some(({ name }) => name === 'proposed' || name === 'voted' || name === 'votedWithParams' || name === 'power')

function readsOf(plan: Plan, view: View, memory: Memory) {
  const { governors, executorOf, votes, show, options } = plan
  const { told } = governanceLogsOf(view.logs, show)
  const orders = ordersOf(told, view, executorOf)
  const cast = votesOf(told)
  const asked = needsQuorum(told)
    ? governors.filter((governor) => knownQuorum(memory, governor, view.block.timestamp) === null)
    : []
  return [
    ...orders.flatMap(readsOfRisk),
    ...readsOfForesight(plan.foresight, { told, orders }, view, memory),
    ...timelockExecutions(view.logs).flatMap(({ known, delay }) => [known, delay]),
    ...asked.flatMap((governor) => readsOfQuorum(governor, view)),
    ...(votes ? readsOfVotes(cast, votes, withFresh(powerIn(memory, votes), told)) : []),
    ...governors.flatMap((governor) =>
      readsOfTallies(ofGovernor(cast, governor), proposalsIn(memory, governor), options.mediumFrom),
    ),
  ]
}

const ofGovernor = <Item extends { governor: Address }>(items: readonly Item[], governor: Address) =>
  items.filter((item) => item.governor === governor)

/** Whoever wins votes in this very block counts as well. */
function withFresh(rows: readonly PowerRow[], told: readonly GovernanceLog[]): PowerRow[] {
  const fresh = logsNamed(told, 'power').map(({ values }) => values[0])
  return [...rows, ...fresh.map((delegate) => ({ delegate, gained: '0', peak: '0', level: 0, at: 0 }))]
}

function judge(plan: Plan, observation: Observation, memory: Memory) {
  const { governors, executorOf, names, show, options } = plan
  const { told, unread } = governanceLogsOf(observation.logs, show)
  const weighing = { observation, names, show }
  const orders = ordersOf(told, observation, executorOf).map((order) => ({ order, risk: riskOf(order, weighing) }))
  const executions = timelockExecutions(observation.logs)
  const operations = Map.groupBy(executions, ({ log, timelock, id }) => `${log.transactionIndex} ${timelock} ${id}`)
  const bypasses = [...operations.values()].map((operation) => claimBypass(weighing, operation))
  const remember: Record<string, Json> = {}
  const quorums = new Map(
    governors.map((governor) => [governor, quorumOf(governor, told, observation, memory, remember)]),
  )
  const voting = judgeVotes(plan, { told, quorums, observation, memory, remember })
  for (const governor of governors) {
    const rows = proposalsIn(memory, governor)
    const next = nextProposals(rows, { governor, told, orders, quorate: voting.quorate })
    if (!isDeepStrictEqual(rows, next)) remember[proposalsKey(governor)] = asJson(next)
  }
  const foreseen = foresee(plan.foresight, { told, orders: orders.map(({ order }) => order) }, observation, memory)
  Object.assign(remember, foreseen.memory)
  const claims: Claim[] = [
    ...orders.flatMap(({ order, risk }) => {
      const severity = severityOf(risk.score, options)
      return claimOrder(order, risk, { severity, quorum: quorums.get(order.at) ?? null, weighing })
    }),
    ...bypasses.flatMap((each) => each.claims),
    ...told.flatMap((each) => {
      if (each.name !== 'proposalExecuted') return claimRules(weighing, each, { told, executions })
      const known = proposalsIn(memory, each.log.address).find(({ id }) => id === String(each.values[0]))
      return claimHaste(weighing, each, told, known)
    }),
    ...voting.claims,
    ...foreseen.claims,
  ]
  const blind = [
    ...unread,
    ...orders.flatMap(({ order }) =>
      order.unread.map((why) => `Part of ${order.kind} ${order.id.slice(0, 12)} could not be read: ${why}`),
    ),
    ...bypasses.flatMap((each) => each.blind),
    ...foreseen.blind,
    ...(orders.length === ordersMax
      ? [`More than ${ordersMax - 1} proposals in one block: not all of them are judged`]
      : []),
  ]
  return { claims, cleared: clearedBy(told), blind: reasonList(blind), memory: remember }
}

const severityOf = (score: number, { mediumFrom, highFrom }: GovernanceOptions): Severity =>
  score >= highFrom ? 'high' : score >= mediumFrom ? 'medium' : 'low'

/** What was cancelled harms nobody any more. */
function clearedBy(told: readonly GovernanceLog[]): string[] {
  return told.flatMap(({ name, log, values }) => {
    const place = { at: log.address, id: String(values[0]) }
    if (name === 'proposalCanceled') return [groupOf({ kind: 'proposal', ...place })]
    const isCancelled = name === 'cancelled' || name === 'dequeued' || name === 'managedCanceled'
    return isCancelled ? [groupOf({ kind: 'operation', ...place })] : []
  })
}

function quorumOf(
  governor: Address,
  told: readonly GovernanceLog[],
  observation: Observation,
  memory: Memory,
  remember: Record<string, Json>,
): bigint | null {
  if (!needsQuorum(told)) return null
  const at = observation.block.timestamp
  const known = knownQuorum(memory, governor, at)
  if (known !== null) return known
  const quorum = readQuorum(governor, observation)
  if (quorum !== null) remember[quorumKey(governor)] = { votes: quorum.toString(), at }
  return quorum
}

type Voting = {
  told: readonly GovernanceLog[]
  quorums: ReadonlyMap<Address, bigint | null>
  observation: Observation
  memory: Memory
  remember: Record<string, Json>
}

function judgeVotes(
  { governors, votes, show, options }: Plan,
  { told, quorums, observation, memory, remember }: Voting,
) {
  const claims: Claim[] = []
  const quorate = new Set<string>()
  const cast = votesOf(told)
  const known = powerIn(memory, votes)
  let rows: PowerRow[] = known
  for (const governor of governors) {
    const quorum = quorums.get(governor)
    if (quorum == null) continue
    const judging = { observation, quorum, show }
    if (votes) {
      const next = nextPower(known, { told, quorum, now: observation.block.timestamp })
      rows = next.rows
      claims.push(...next.gains.map((gain) => claimGain(judging, votes, governor, gain)))
      const power = next.rows
      claims.push(...ofGovernor(cast, governor).flatMap((vote) => claimVote(judging, vote, { votes, power, told })))
    }
    const reached = claimQuorate(judging, ofGovernor(cast, governor), proposalsIn(memory, governor), options)
    claims.push(...reached.claims)
    for (const id of reached.quorate) quorate.add(id)
  }
  if (votes && !isDeepStrictEqual(rows, known)) remember[powerKey(votes)] = powerAsJson(rows)
  return { claims, quorate }
}
