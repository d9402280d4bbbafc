import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { type CompiledEvent, compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import { endsOf, isOddTransfer, topicOf } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import { numberOf } from '../../tokens/balances.ts'
import { transferTopic } from './handed.ts'
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
      const said = form.read(event.decode(log))
      const paid = said.payer === null ? paidFor(log, block.receipts?.[log.transactionIndex]?.logs ?? []) : null
      const payer = said.payer ?? paid?.payer
      if (!payer) return []
      const stream: StreamLog = { system: form.system, act: form.act, log, ...said, ...paid, payer }
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

/**
 * Of a stream whose event names nobody: what came into its contract last before it, from whom, and who got the token of
 * its own (ERC-721) that stands for it.
 */
function paidFor(
  log: Log,
  beside: readonly Log[],
): Pick<StreamLog, 'payer' | 'token' | 'deposit' | 'recipient'> | undefined {
  const before = beside.filter(({ position }) => position < log.position)
  const paid = before.findLast((each) => !isOddTransfer(each) && endsOf(each)?.to === topicOf(log.address))
  const [ends, deposit] = [paid && endsOf(paid), paid && numberOf(paid.data)]
  if (!paid || !ends || deposit == null) return undefined
  const isItsOwn = ({ address, topics }: Log) =>
    address === log.address && topics[0] === transferTopic && topics.length === 4 && topics[3] === log.topics[1]
  const to = before.findLast(isItsOwn)?.topics[2]
  return { payer: addressIn(ends.from), token: paid.address, deposit, recipient: to ? addressIn(to) : null }
}

const addressIn = (topic: Hex): Address => `0x${topic.slice(26)}`

const isOurs = ({ act, payer, recipient }: StreamLog, ours: ReadonlySet<Address>) =>
  ours.has(payer) || (act === 'ended' && recipient !== null && ours.has(recipient))

/** A flow of nothing is none. */
const asEnded = (stream: StreamLog): StreamLog =>
  stream.act === 'opened' && stream.rate !== null && stream.rate.perSecond <= 0n ? { ...stream, act: 'ended' } : stream

const isNamed = ({ topics, data }: Log, account: Address) =>
  topics.some((topic) => topic.endsWith(account.slice(2))) || data.includes(account.slice(2))
