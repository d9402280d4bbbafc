import { type AbiEvent, parseAbiItem } from 'viem'
import { type CompiledEvent, compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import { type StreamForm, type StreamLog, streamForms } from './streamForms.ts'

const events: ReadonlyMap<Hex, { form: StreamForm; event: CompiledEvent }> = new Map(
  streamForms.map((form) => {
    const event = compileEvent(parseAbiItem(form.signature) as AbiEvent)
    return [event.topic0, { form, event }]
  }),
)
export const streamTopics: readonly Hex[] = [...events.keys()]

/** Of one block, of whoever emits such: more are not looked at, which is told. */
const logsMax = 256

/**
 * Streams that a block tells of and that one of the accounts pays, or is paid by. Those whose event has no place in its
 * topics for the payer are looked for where a token of the payer moved. `unread`: what could not be understood.
 */
export function streamLogsOf(
  { logs, block }: Pick<Observation, 'logs' | 'block'>,
  ours: ReadonlySet<Address>,
): { told: StreamLog[]; unread: string[] } {
  const unread = new Set<string>()
  const places = new Set(logs.map(({ transactionIndex }) => transactionIndex))
  const beside = [...places].flatMap((index) => block.receipts?.[index]?.logs ?? [])
  const own = beside.filter(({ topics: [topic0] }) => topic0 && events.has(topic0))
  if (own.length > logsMax) {
    unread.add(`There are more than ${logsMax} events of streams beside ours in one block: not all are judged`)
  }
  const told = own.slice(0, logsMax).flatMap((log): StreamLog[] => {
    const { form, event } = events.get(log.topics[0]!)!
    try {
      const stream: StreamLog = { system: form.system, act: form.act, log, ...form.read(event.decode(log)) }
      return isOurs(stream, ours) ? [asEnded(stream)] : []
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      // Whoever writes something else under the name of such an event writes it in a contract of their own.
      if ([...ours].some((account) => isNamed(log, account))) {
        unread.add(`A log ${event.name} of ${log.address} could not be read: ${error.message}`)
      }
      return []
    }
  })
  return { told, unread: [...unread] }
}

const isOurs = ({ act, payer, recipient }: StreamLog, ours: ReadonlySet<Address>) =>
  ours.has(payer) || (act === 'ended' && recipient !== null && ours.has(recipient))

/** A flow of nothing is none. */
const asEnded = (stream: StreamLog): StreamLog =>
  stream.act === 'opened' && stream.rate !== null && stream.rate.perSecond <= 0n ? { ...stream, act: 'ended' } : stream

const isNamed = ({ topics, data }: Log, account: Address) =>
  topics.some((topic) => topic.endsWith(account.slice(2))) || data.includes(account.slice(2))
