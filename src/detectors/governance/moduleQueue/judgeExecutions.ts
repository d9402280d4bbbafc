import type { AbiFunction } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { compileFunction } from '../../../evm/abi/compileFunction.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { ModuleCall } from '../../safe/safeExecution/moduleCalls.ts'
import { groupOf, shortId } from '../governance/claimOrders.ts'
import type { ModuleLog } from './moduleLogs.ts'
import { digestOf } from './moduleOrders.ts'
import { moduleRead, numberFrom } from './moduleReads.ts'
import type { QueueRow } from './queueRows.ts'

export type Acting = {
  module: Address
  account: Address
  observation: Observation
  show(address: Address): string
  /** Of the account: what it says that the module made it do in this block, each at its end. */
  ended: readonly Log[]
  /** The content of these, as far as it can be seen. */
  seen: readonly ModuleCall[]
  /** What waited before this block. */
  rows: readonly QueueRow[]
}
type Judged = { claims: Claim[]; blind: string[] }

export const readsOfDelay = (module: Address): Read[] => [
  moduleRead(module, 'txNonce', 'parent'),
  moduleRead(module, 'queueNonce', 'parent'),
  moduleRead(module, 'txCooldown', 'parent'),
  moduleRead(module, 'txNonce', 'block'),
]

/** What the account was made to do by a Delay without having waited there: asked of the module as it was before the block. */
export function judgeDelay(acting: Acting): Judged {
  const { module, observation, ended, rows, show } = acting
  if (ended.length === 0) return { claims: [], blind: [] }
  const answers = readsOfDelay(module).map((read) => numberFrom(observation, read))
  const down = answers.find((answer) => typeof answer === 'object' && answer !== null)
  if (down) return { claims: [], blind: [`Whether ${show(module)} had queued what it executed: ${down.blind}`] }
  const [first, after, cooldown, now] = answers as (bigint | null)[]
  // It is a module of another kind.
  if (first == null || after == null || cooldown == null || now == null) return { claims: [], blind: [] }
  const waiting = after > first ? Number(after - first) : 0
  const severity = cooldown === 0n ? 'medium' : 'critical'
  const claims = ended.slice(waiting).map((log) =>
    claimActed(acting, log, {
      ...{ key: 'unqueued', severity },
      title: 'which had not been queued before',
      facts: { waited: `${waiting}`, cooldownSeconds: cooldown.toString() },
    }),
  )
  // Where some were skipped at the same time, which of them were executed cannot be told by counting.
  if (now - first !== BigInt(ended.length)) return { claims, blind: [] }
  const done = rowsFrom(rows, first, Math.min(waiting, ended.length))
  const early = done.flatMap(({ row, place }) =>
    row.at + Number(cooldown) > observation.block.timestamp
      ? [
          claimActed(acting, ended[place]!, {
            ...{ key: 'early', severity },
            title: 'before its cooldown had ended',
            facts: { id: row.id, cooldownSeconds: cooldown.toString() },
          }),
        ]
      : [],
  )
  return { claims: [...claims, ...early, ...claimOther(acting, done)], blind: [] }
}

type Done = { row: QueueRow; place: number }

function rowsFrom(rows: readonly QueueRow[], first: bigint, count: number): Done[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return Array.from({ length: count }, (_, place) => place).flatMap((place) => {
    const row = byId.get((first + BigInt(place)).toString())
    return row ? [{ row, place }] : []
  })
}

const executeNext = compileFunction(
  parseAbiItem('function executeNextTx(address to, uint256 value, bytes data, uint8 operation)') as AbiFunction,
)

/** What was executed is not what was queued under that number. */
function claimOther(acting: Acting, done: readonly Done[]): Claim[] {
  const { ended, seen, observation, module } = acting
  return done.flatMap(({ row, place }) => {
    const log = ended[place]!
    const told = seen.find((each) => each.log === log) ?? calledFor(log, ended, { observation, module })
    if (!told || digestOf([told]) === row.digest) return []
    return [
      claimActed(acting, log, {
        ...{ key: 'other', severity: 'critical' },
        title: 'which is not what had been queued',
        facts: { id: row.id, to: told.to, value: told.value.toString() },
      }),
    ]
  })
}

/** Whoever has it executed hands the module its content; that is the account's only where it did nothing else. */
function calledFor(
  { transactionIndex }: Log,
  ended: readonly Log[],
  { observation, module }: Pick<Acting, 'observation' | 'module'>,
) {
  const transaction = observation.block.transactions[transactionIndex]
  const alone = ended.filter((each) => each.transactionIndex === transactionIndex).length === 1
  if (!alone || transaction?.to !== module || !transaction.input.startsWith(executeNext.selector)) return null
  try {
    const [to, value, data, operation] = executeNext.decode(transaction.input) as [Address, bigint, Hex, bigint]
    return { to, value, data, operation }
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return null
  }
}

export const readsOfAssertions = (told: readonly ModuleLog[]): Read[] =>
  assertionsIn(told).map(({ log, values }) => moduleRead(log.address, 'assertionIds', 'parent', values[0] as Hex))

/** Of each proposal one event by which an Optimistic Governor says that it executed some of it. */
function assertionsIn(told: readonly ModuleLog[]): ModuleLog[] {
  const own = told.filter(({ name }) => name === 'proposalExecuted' || name === 'partExecuted')
  return [...new Map(own.map((each) => [`${each.log.address} ${each.values[0]}`, each])).values()]
}

/** Proposals that an Optimistic Governor executed and did not know before the block, so that nobody could dispute them. */
export function judgeAssertions(
  told: readonly ModuleLog[],
  { account, observation, show }: Pick<Acting, 'observation' | 'show'> & { account: Address | null },
): Judged {
  const judged = assertionsIn(told).map(({ log, values }): Judged => {
    const [id] = values as [Hex]
    const answer = numberFrom(observation, moduleRead(log.address, 'assertionIds', 'parent', id))
    const of = { module: log.address, account: account ?? log.address, observation, show }
    if (answer !== null && typeof answer !== 'bigint') {
      const why = `Whether proposal ${shortId(id)} of ${show(log.address)} had been proposed: ${answer.blind}`
      return { claims: [], blind: [why] }
    }
    if (answer !== 0n) return { claims: [], blind: [] }
    const title = 'which had not been proposed before'
    return { claims: [claimActed(of, log, { key: 'unqueued', title, severity: 'critical', facts: { id } })], blind: [] }
  })
  return { claims: judged.flatMap(({ claims }) => claims), blind: judged.flatMap(({ blind }) => blind) }
}

/** What waited and was grave has been done: no longer something to stop. */
export function claimDone(
  { module, account, show, observation }: Omit<Acting, 'ended' | 'seen' | 'rows'>,
  log: Log,
  { id, score, severity }: QueueRow,
): Claim {
  return {
    ...claimActed({ module, account, show, observation }, log, {
      ...{ key: `done ${id}`, severity, title: `which was queued as ${shortId(id)} (risk ${score})` },
      facts: { id, score: `${score}` },
    }),
    group: groupOf({ kind: 'operation', at: module, id }),
  }
}

function claimActed(
  { module, account, show, observation }: Omit<Acting, 'ended' | 'seen' | 'rows'>,
  log: Log,
  { key, title, severity, facts }: Required<Pick<Claim, 'key' | 'title' | 'severity' | 'facts'>>,
): Claim {
  const sender = observation.block.transactions[log.transactionIndex]?.from ?? null
  return {
    key: `${key} ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: account,
    title: `${show(module)} made ${show(account)} execute something ${title}`,
    facts: { module, ...facts, sender },
    evidence: 'hard',
    confidence: 'high',
    severity,
    group: `module bypass ${module}`,
  }
}
