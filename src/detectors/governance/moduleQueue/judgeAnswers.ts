import { z } from 'zod'
import { logsNamed, namedEvents } from '../../../evm/abi/namedEvents.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { ModuleLog } from './moduleLogs.ts'
import { moduleRead } from './moduleReads.ts'

/** Of reality.eth, where anybody answers for a bond. */
const events = namedEvents({
  answered:
    'event LogNewAnswer(bytes32 answer, bytes32 indexed question_id, bytes32 history_hash, address indexed user, uint256 bond, uint256 ts, bool is_commitment)',
})
export const answerTopics: readonly Hex[] = Object.values(events.topics)

/** Plain data. `asked`: questions of one module. `hands`: who answered some. */
const shape = z.object({ asked: z.array(hexShape), hands: z.array(hexShape) })
type Known = Readonly<z.output<typeof shape>>
const rememberedKnown = remembered(shape)
const key = (module: Address) => `questions ${module}`
const knownOf = (memory: Memory, module: Address): Known =>
  rememberedKnown(memory, key(module)) ?? { asked: [], hands: [] }

const [askedMax, handsMax, answersMax] = [256, 32, 64]
const yes: Hex = `0x${'0'.repeat(63)}1`

type View = Omit<Observation, 'state'>

/** What is known of the questions of a module after a block, before its answers are looked at. */
function askedAfter(module: Address, told: readonly ModuleLog[], memory: Memory): Known {
  const known = knownOf(memory, module)
  const fresh = logsNamed(told, 'question').flatMap(({ log, values }) => (log.address === module ? [values[0]] : []))
  const asked = fresh.length > 0 ? [...new Set([...known.asked, ...fresh])] : known.asked
  return { ...known, asked }
}

function answersTo({ asked }: Known, { logs }: View) {
  const isOurs = (id: Hex | undefined) => id !== undefined && asked.includes(id)
  const own = logs.filter((log) => events.has(log) && isOurs(log.topics[1])).slice(0, answersMax)
  // Commitments hide what they say until it is too late.
  return events.read(own, (address) => address).told.filter(({ values }) => values[0] === yes || values[6])
}

const oracleRead = (module: Address): Read => moduleRead(module, 'oracle', 'block')

export const readsOfAnswers = (module: Address, told: readonly ModuleLog[], view: View, memory: Memory): Read[] =>
  answersTo(askedAfter(module, told, memory), view).length > 0 ? [oracleRead(module)] : []

/**
 * Whoever says that a vote passed is believed after the cooldown, unless somebody says otherwise for more. Who did so
 * before for a module is known; a stranger pages.
 */
export function judgeAnswers(
  module: Address,
  told: readonly ModuleLog[],
  {
    observation,
    memory,
    account,
    known: named,
    show,
  }: {
    observation: Observation
    memory: Memory
    account: Address | null
    /** Addresses of the config. */
    known: ReadonlySet<Address>
    show(address: Address): string
  },
): { claims: Claim[]; blind: string[]; memory: Record<string, Json> } {
  const before = knownOf(memory, module)
  const known = askedAfter(module, told, memory)
  const answers = answersTo(known, observation)
  const blind: string[] = []
  const claims: Claim[] = []
  const hands = new Set(known.hands)
  const oracle = answers.length > 0 ? observation.state(oracleRead(module)) : null
  if (oracle && !oracle.ok)
    blind.push(`Who answers the questions of ${show(module)} could not be read: ${oracle.reason}`)
  for (const { log, values } of answers) {
    const [, id, , user, bond] = values
    // Anybody can write such an event.
    if (!oracle?.ok || oracle.data !== `0x${log.address.slice(2).padStart(64, '0')}`) continue
    const isKnown = hands.has(user) || named.has(user)
    const isFirst = hands.size === 0
    hands.add(user)
    if (isKnown) continue
    claims.push({
      key: `answer ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: account ?? module,
      title: `${show(user)}, who never did so before, says that a vote outside the chain passed: unless somebody denies it, ${show(module)} does what was asked for`,
      facts: {
        ...{ questionId: id, by: user, bond: String(bond), module, account },
        howToStop: 'compare with the vote, and answer at reality.eth with a higher bond before the time is over',
      },
      evidence: 'hard',
      confidence: isFirst ? 'low' : 'medium',
      severity: isFirst ? 'medium' : 'high',
      actors: [user],
      group: `module question ${module} ${id}`,
    })
  }
  if (known.asked.length > askedMax)
    blind.push(`${show(module)} has more than ${askedMax} questions: answers to the oldest are not seen`)
  const next = { asked: known.asked.slice(-askedMax), hands: [...hands].slice(-handsMax) }
  const isSame = known.asked.length === before.asked.length && hands.size === before.hands.length
  return { claims, blind, memory: isSame ? {} : { [key(module)]: next } }
}
