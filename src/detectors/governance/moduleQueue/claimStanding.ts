import { isPlainAccount } from '../../../evm/accountCode.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Severity } from '../../../model/severity.ts'
import type { ModuleLog } from './moduleLogs.ts'
import { moduleRead, numberFrom } from './moduleReads.ts'

type Standing = { title: string; severity: Severity; facts: Record<string, Json> }
type Judging = { observation: Observation; account: Address | null; show(address: Address): string }

const codeRead = (of: Address): Read => ({ kind: 'code', of, at: 'block' })
const timers = { cooldown: 'txCooldown', liveness: 'liveness' } as const
const keysMax = 16

/** What must be read to judge who may act and how long it takes. */
export function readsOfStanding({ name, log, values }: ModuleLog): Read[] {
  if (name === 'cooldown' || name === 'liveness') return [moduleRead(log.address, timers[name], 'parent')]
  if (name === 'allowance') return [allowanceBefore(log.address, values[0])]
  return name === 'assigned' || name === 'assignedBefore2' ? [codeRead(values[0])] : []
}

/** Powers and rules that stay: roles, whole contracts opened to a role, times in which an order can be stopped. */
export function claimStanding(each: ModuleLog, judging: Judging): Claim[] {
  const standing = standingOf(each, judging)
  const { name, log } = each
  return standing
    ? [
        {
          key: `${name} ${log.position}`,
          transactionHash: log.transactionHash,
          logIndex: log.logIndex,
          address: log.address,
          title: standing.title,
          facts: {
            ...standing.facts,
            account: judging.account,
            sender: judging.observation.block.transactions[log.transactionIndex]?.from ?? null,
          },
          evidence: 'hard',
          confidence: 'high',
          severity: standing.severity,
          group: `module standing ${log.address}`,
        },
      ]
    : []
}

function standingOf(each: ModuleLog, judging: Judging): Standing | null {
  if (each.name === 'assigned' || each.name === 'assignedBefore2') return assigned(each, judging)
  if (each.name === 'cooldown' || each.name === 'liveness') return timer(each, judging)
  if (each.name === 'allowance') return allowance(each, judging)
  const { name, log, values } = each
  const { show } = judging
  if (name === 'target' || name === 'targetBefore2') {
    const [role, target, options] = values
    // ExecutionOptions: 0 none, 1 send, 2 delegatecall, 3 both.
    const runs = options >= 2n
    return {
      title: `Role ${roleName(role)} of ${show(log.address)} may call every function of ${show(target)}${runs ? ', also by delegatecall' : ''}`,
      severity: runs ? 'high' : 'medium',
      facts: { role: roleName(role), target, options: options.toString() },
    }
  }
  if (name === 'expiration' || name === 'bond' || name === 'escalation') {
    return {
      title: `${show(log.address)} has another ${name === 'expiration' ? 'time after which orders expire' : name === 'bond' ? 'bond' : 'escalation manager'} now`,
      severity: 'medium',
      facts: { rule: name, new: String(values.at(-1)) },
    }
  }
  return null
}

function assigned(
  { log, values }: ModuleLog<'assigned' | 'assignedBefore2'>,
  { observation, show }: Judging,
): Standing | null {
  const [member, keys, memberOf] = values
  const given = [...keys].filter((_, index) => memberOf[index] === true)
  const taken = keys.length - given.length
  const code = observation.state(codeRead(member))
  const isKey = code.ok && isPlainAccount(code.data)
  const facts = {
    member,
    given: given.slice(0, keysMax).map(roleName),
    givenCount: `${given.length}`,
    takenCount: `${taken}`,
  }
  if (given.length === 0) {
    return { title: `${show(member)} lost ${taken} roles of ${show(log.address)}`, severity: 'low', facts }
  }
  const title = `${show(member)}${isKey ? ', an account of a single key,' : ''} was given ${given.length === 1 ? `role ${roleName(given[0]!)}` : `${given.length} roles`} of ${show(log.address)}, to act without signers`
  return { title, severity: isKey ? 'high' : 'medium', facts }
}

function timer({ name, log, values }: ModuleLog<keyof typeof timers>, { observation, show }: Judging): Standing | null {
  const [next] = values
  const answer = numberFrom(observation, moduleRead(log.address, timers[name], 'parent'))
  // A contract tells of its first rules when it is created.
  if (answer === null || answer === 0n || answer === next) return null
  const old = typeof answer === 'bigint' ? answer : null
  const label = name === 'cooldown' ? 'Cooldown' : 'Challenge window'
  return {
    title: `${label} of ${show(log.address)} changed${old === null ? '' : ` from ${old} s`} to ${next} s`,
    severity: old === null || next < old ? 'high' : 'medium',
    facts: { rule: name, old: old?.toString() ?? null, new: next.toString() },
  }
}

const allowanceBefore = (module: Address, key: Hex): Read => moduleRead(module, 'allowances', 'parent', key)
/** As of other limits: a little more is business, ten times as much is what a thief needs. */
const raisedTimes = 10n

/** What a role may spend: at once, or in each period. Where nothing was allowed before, somebody sets it up. */
function allowance({ log, values }: ModuleLog<'allowance'>, { observation, show }: Judging): Standing | null {
  const [key, balance, , refill] = values
  const answer = observation.state(allowanceBefore(log.address, key))
  const words = answer.ok ? (answer.data.slice(2).match(/.{64}/g) ?? []).map((each) => BigInt(`0x${each}`)) : []
  const old = words.length === 5 ? most(words[0]!, words[3]!) : null
  const next = most(balance, refill)
  if (old !== null && next <= old) return null
  const isGrave = old !== null && old > 0n && next >= old * raisedTimes
  return {
    title: `Role allowance ${roleName(key)} of ${show(log.address)} was raised${old === null ? '' : ` from ${old}`} to ${next}`,
    severity: isGrave ? 'high' : 'medium',
    facts: { rule: 'allowance', key, old: old?.toString() ?? null, new: next.toString() },
  }
}

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** A key is often a short text: `0x4d414e41474552…` is MANAGER. */
function roleName(key: string | bigint): string {
  if (typeof key === 'bigint') return key.toString()
  const text = Buffer.from(key.slice(2).replace(/(00)+$/, ''), 'hex').toString('latin1')
  return /^[A-Za-z0-9_-]{1,32}$/.test(text) ? text : `${key.slice(0, 10)}…`
}
