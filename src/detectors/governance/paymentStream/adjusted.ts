import type { AbiEvent } from 'viem'
import { parseAbiItem, toFunctionSelector } from 'viem/utils'
import { compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Log } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { flowRate, none, type StreamLog } from './streamForms.ts'

type Plan = { streams: readonly Address[]; ours: ReadonlySet<Address> }

/** As @sablier/flow 3.0.1 has it: who pays, and in what, its contract must be asked. */
const adjusted = compileEvent(
  parseAbiItem(
    'event AdjustFlowStream(uint256 indexed streamId, uint256 totalDebt, uint128 oldRatePerSecond, uint128 newRatePerSecond)',
  ) as AbiEvent,
)
export const adjustTopic = adjusted.topic0
/** Of one block; each is asked about for each of ours. */
const adjustedMax = 8
const payersMax = 8

type Adjusted = Pick<StreamLog, 'log' | 'rate' | 'before' | 'streamId'>

function logsIn({ streams }: Plan, logs: readonly Log[]): { own: Adjusted[]; blind: string[] } {
  const blind: string[] = []
  const told = logs.filter(({ address, topics: [topic0] }) => topic0 === adjustTopic && streams.includes(address))
  if (told.length > adjustedMax) blind.push(`More than ${adjustedMax} streams got another rate in one block`)
  const own = told.slice(0, adjustedMax).flatMap((log): Adjusted[] => {
    try {
      const [id, , before, rate] = adjusted.decode(log)
      return [{ log, streamId: String(id), before: flowRate(before!), rate: flowRate(rate!) }]
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      blind.push(`A log ${adjusted.name} of ${log.address} could not be read: ${error.message}`)
      return []
    }
  })
  return { own, blind }
}

const question = ({ log }: Adjusted, name: 'getSender' | 'getRecipient'): Read => ({
  ...{ kind: 'call', at: 'block', to: log.address },
  data: `${toFunctionSelector(`${name}(uint256)`)}${log.topics[1]!.slice(2)}`,
})

const streamOf = (each: Adjusted, payer: Address, recipient: Address | null = null): StreamLog => ({
  ...{ ...none, system: 'Sablier Flow', act: 'opened' },
  ...{ ...each, payer, recipient, ender: payer },
})

/** The streams that got another rate, as if each of ours paid them: which of them does is not known yet. */
export function adjustedBy(plan: Plan, logs: readonly Log[]): StreamLog[] {
  const payers = [...plan.ours].slice(0, payersMax)
  return logsIn(plan, logs).own.flatMap((each) => payers.map((payer) => streamOf(each, payer)))
}

export const readsOfAdjusted = (plan: Plan, logs: readonly Log[]): Read[] =>
  logsIn(plan, logs).own.flatMap((each) => [question(each, 'getSender'), question(each, 'getRecipient')])

/** Streams that ours pay and that flow faster or slower from now on. */
export function adjustedIn(plan: Plan, observation: Observation): { streams: StreamLog[]; blind: string[] } {
  const { own, blind } = logsIn(plan, observation.logs)
  const { ours } = plan
  const payers = [...ours].slice(0, payersMax)
  const streams = own.flatMap((each): StreamLog[] => {
    const [payer, recipient] = (['getSender', 'getRecipient'] as const).map((name) => {
      const answer = observation.state(question(each, name))
      if (!answer.ok && !answer.reverted)
        blind.push(`Of a stream that got another rate could not be read who pays whom: ${answer.reason}`)
      return answer.ok && answer.data.length === 66 ? (`0x${answer.data.slice(26)}` as Address) : null
    })
    if (payer && ours.has(payer) && !payers.includes(payer))
      blind.push(
        `A stream that ${payer} pays got another rate, which is weighed for the first ${payersMax} of \`on\` only`,
      )
    return payer && payers.includes(payer) ? [streamOf(each, payer, recipient ?? null)] : []
  })
  return { streams, blind }
}
