import { getContractAddress, numberToHex } from 'viem/utils'
import type { Address, Call, Hex, Log, Receipt, Transaction } from '../model/chain.ts'
import { type Probe, type ReadResult, readKey } from '../model/read.ts'
import { asAddress, asHash, asHex, asList, asObject, malformed, type Raw } from './parseHex.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import type { RpcAnswer } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import { outcomesOf, resultOfSimulation, type SimulationRead, simulationParams } from './simulation.ts'

/** A contract that a transaction which is pending as well would make, and the code that it would have then. */
export type Creation = { transaction: Transaction; code: Hex }

/** What one transaction would do as the next. `calls`: those that move the chain's own coin, and no others. */
export type Trial = {
  receipt: Receipt
  calls: Call[]
  /** What a creation returned: the code of the new contract. */
  returned: Hex
  /** Answers to the probes by `readKey`, as of `block`. */
  after: Map<string, ReadResult>
}

/** Nobody's: what a node calls the logs by which it tells in simulations how coins move. */
const coinTeller: Address = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'
const transferTopic: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const logsMax = 10_000
/** Of code: what EIP-170 allows. */
const returnedMax = 24_576
const gasMax = 30_000_000n

export const createdBy = ({ from, nonce }: Pick<Transaction, 'from' | 'nonce'>): Address =>
  getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Address

/**
 * Tries a transaction on the state after a block, as if its sender had signed it, and asks some questions afterwards.
 * A transaction that creates a contract runs as a call of its code at the address that the contract would have: not
 * every node simulates creations, and to the code it is the same.
 * @param creation Made before it, in the same simulation.
 * @throws {RpcError} No provider could try it.
 */
export async function simulateTransaction(
  client: ChainClient,
  block: { hash: Hex },
  transaction: Transaction,
  { probes = [], creation }: { probes?: readonly Probe[]; creation?: Creation | undefined } = {},
): Promise<Trial> {
  const read: SimulationRead = { kind: 'simulation', at: 'block', calls: [callOf(transaction)], probes }
  const { blockStateCalls, ...rest } = simulationParams(read)
  const [own, ...asked] = blockStateCalls
  const before = creation ? stepOf(own!, creation.transaction) : []
  const params = {
    ...{ ...rest, traceTransfers: true },
    blockStateCalls: [...before, withCode(own!, transaction, creation), ...asked],
  }
  const call = { method: 'eth_simulateV1', params: [params, { blockHash: block.hash }] }
  return client.request(call, (raw) => trialOf(read, transaction, { ok: true, result: ownPart(raw, before.length) }))
}

type Step = ReturnType<typeof simulationParams>['blockStateCalls'][number]

const callOf = (transaction: Transaction) => ({
  from: transaction.from,
  to: transaction.to ?? createdBy(transaction),
  data: transaction.to === null ? ('0x' as const) : transaction.input,
  value: transaction.value,
  gas: Number(transaction.gas < gasMax ? transaction.gas : gasMax),
})

function stepOf({ blockOverrides }: Step, transaction: Transaction): Step[] {
  const { value, gas, ...call } = callOf(transaction)
  const made = { ...call, gas: numberToHex(gas), ...(value > 0n && { value: numberToHex(value) }) }
  return [withCode({ blockOverrides, calls: [made] }, transaction, undefined)]
}

function withCode(step: Step, { to, input, ...sent }: Transaction, creation: Creation | undefined): Step {
  const codes = {
    ...(creation && { [createdBy(creation.transaction)]: { code: creation.code } }),
    ...(to === null && { [createdBy(sent)]: { code: input } }),
  }
  return Object.keys(codes).length === 0 ? step : { ...step, stateOverrides: codes }
}

const ownPart = (raw: unknown, from: number): unknown => (Array.isArray(raw) ? raw.slice(from) : raw)

function trialOf(read: SimulationRead, transaction: Transaction, answer: RpcAnswer & { ok: true }): Trial {
  const result = resultOfSimulation(read, answer)
  if (!result.ok) throw new RpcError('malformed', `A provider could not simulate a transaction: ${result.reason}.`)
  const { calls, after } = outcomesOf(result.data)
  const [step] = asList(answer.result, 'a simulation', 8)
  const [call] = asList(asObject(step, 'a simulated block').calls, 'simulated calls', 1)
  const told = asList((call as Raw).logs ?? [], 'the logs of a simulation', logsMax)
  const logs = told.map((raw, position) => parseLog(raw, position, transaction))
  const returned = asHex((call as Raw).returnData ?? '0x', 'what a simulation returned')
  return {
    receipt: receiptOf(
      transaction,
      calls[0]?.ok === true,
      logs.filter(({ address }) => address !== coinTeller),
    ),
    calls: logs.filter(({ address, topics }) => address === coinTeller && topics[0] === transferTopic).map(movedBy),
    returned: returned.length <= 2 + 2 * returnedMax ? returned : '0x',
    after: new Map(read.probes.map((probe, place) => [readKey({ at: 'block', ...probe }), after[place]!])),
  }
}

function parseLog(raw: unknown, position: number, { hash, index }: Transaction): Log {
  const log = asObject(raw, 'a log')
  return {
    address: asAddress(log.address, 'the address of a log'),
    topics: asList(log.topics, 'the topics of a log', 4).map((topic) => asHash(topic, 'a topic')),
    data: asHex(log.data ?? '0x', 'the data of a log'),
    ...{ logIndex: position, position, transactionHash: hash, transactionIndex: index },
  }
}

const receiptOf = (transaction: Transaction, succeeded: boolean, logs: Log[]): Receipt => ({
  transactionHash: transaction.hash,
  transactionIndex: transaction.index,
  status: succeeded ? 'success' : 'reverted',
  from: transaction.from,
  to: transaction.to,
  contractAddress: transaction.to === null ? createdBy(transaction) : null,
  ...{ gasUsed: 0n, effectiveGasPrice: 0n, logs },
})

/** A movement of coins in the form in which traces tell it. */
function movedBy({ topics, data, transactionHash, transactionIndex }: Log, position: number): Call {
  const [, from, to] = topics
  if (!from || !to || !/^0x[0-9a-f]{64}$/.test(data)) throw malformed('a movement of coins', data)
  return {
    ...{ transactionHash, transactionIndex, position, depth: position === 0 ? 0 : 1, kind: 'call' },
    ...{ from: addressIn(from), to: addressIn(to), value: BigInt(data), input: '0x', output: '0x' },
    ...{ gasUsed: null, error: null, reverted: false },
  }
}

const addressIn = (topic: Hex): Address => `0x${topic.slice(26)}`
