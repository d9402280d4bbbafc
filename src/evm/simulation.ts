import { decodeAbiParameters, encodeAbiParameters, numberToHex } from 'viem/utils'
import type { Address, Hex } from '../model/chain.ts'
import { type Probe, type Read, type ReadResult, type SimulatedCall, simulatedMax } from '../model/read.ts'
import type { RpcAnswer } from './rpc/provider.ts'

export type SimulationRead = Extract<Read, { kind: 'simulation' }>
/** What became of the calls, and what was answered afterwards, each in the order of the question. */
export type Simulated = { calls: ReadResult[]; after: ReadResult[] }

type BlockOfCalls = {
  blockOverrides: { gasLimit: Hex; time?: Hex }
  stateOverrides?: Record<Address, { code: Hex } | { balance: Hex }>
  calls: { from?: Address; to: Address; data: Hex; value?: Hex; gas: Hex }[]
}

/** The most that a transaction may use since EIP-7825, less a little. */
const gasPerCall = numberToHex(16_000_000)
/** What all calls together may use: clients allow some 50 million, and refuse calls that hold more than their block. */
const gasLimit = numberToHex(1_600_000_000)

/** Where nobody is: there stands, in the simulation only, code that answers the balance of the address that it is handed. */
const balanceTeller: Address = '0x00000000000000000000000000000070c51bba1a'
const balanceCode: Hex = '0x5f35315f5260205ff3'
/** In place of a contract's code, so that its storage can be read: answers the slot that it is handed. */
const slotCode: Hex = '0x5f35545f5260205ff3'

/** More coins than any chain has, and few enough to be paid to somebody. */
const plenty = numberToHex(2n ** 120n)

/** Of an answer, what is kept. */
const bytesMax = 1024

/** The calls in one block, what is asked of contracts in the next, and storage in a third, where contracts have no code of theirs. */
export function simulationParams(read: SimulationRead) {
  const [calls, asked, slots] = blocksOf(read)
  const time = read.time === undefined ? {} : { time: numberToHex(read.time) }
  const payers = read.rich ? calls.filter(({ value = 0n }) => value > 0n).map(({ from }) => from) : []
  const purses = Object.fromEntries(payers.map((from) => [from, { balance: plenty }]))
  const blocks: BlockOfCalls[] = [
    {
      blockOverrides: { gasLimit, ...time },
      ...(payers.length > 0 && { stateOverrides: purses }),
      calls: calls.map(madeCall),
    },
  ]
  if (asked.length > 0) {
    blocks.push({
      blockOverrides: { gasLimit },
      stateOverrides: { [balanceTeller]: { code: balanceCode } },
      calls: asked.map(askedCall),
    })
  }
  if (slots.length > 0) {
    const stateOverrides = Object.fromEntries(slots.map(({ of }) => [of, { code: slotCode }]))
    const reads = slots.map(({ of, slot }) => ({ to: of, data: slot, gas: gasPerCall }))
    blocks.push({ blockOverrides: { gasLimit }, stateOverrides, calls: reads })
  }
  return { blockStateCalls: blocks, validation: false }
}

function blocksOf({ calls, probes }: SimulationRead) {
  const asked = probes.filter((probe) => probe.kind !== 'storage')
  return [calls, asked, probes.filter((probe) => probe.kind === 'storage')] as const
}

const madeCall = ({ from, to, data, value = 0n, gas }: SimulatedCall) => ({
  ...{ from, to, data, gas: gas === undefined ? gasPerCall : numberToHex(gas) },
  ...(value > 0n && { value: numberToHex(value) }),
})

const askedCall = (probe: Exclude<Probe, { kind: 'storage' }>) =>
  probe.kind === 'balance'
    ? { to: balanceTeller, data: `0x${'0'.repeat(24)}${probe.of.slice(2)}` as Hex, gas: gasPerCall }
    : { ...(probe.from && { from: probe.from }), to: probe.to, data: probe.data, gas: gasPerCall }

export function resultOfSimulation(read: SimulationRead, answer: RpcAnswer): ReadResult {
  if (read.calls.length > simulatedMax.calls || read.probes.length > simulatedMax.probes)
    return { ok: false, reverted: false, reason: 'it is too much to be simulated at once' }
  if (!answer.ok) {
    const { message, fault, reverted, unsupported } = answer.error
    if (unsupported)
      return { ok: false, reverted: false, reason: `no provider simulates calls (eth_simulateV1): ${message}` }
    // Who has not the coins that it would have to send could not make the call either.
    const isPoor = fault === 'answered' && /insufficient (funds|balance)/i.test(message)
    return { ok: false, reverted: reverted || isPoor, reason: message }
  }
  const simulated = parse(read, answer.result)
  if (!simulated)
    return { ok: false, reverted: false, reason: 'a provider answered with something that is no simulation' }
  return { ok: true, data: encodeSimulated(simulated) }
}

function parse(read: SimulationRead, result: unknown): Simulated | null {
  const wanted = blocksOf(read).filter((calls, place) => place === 0 || calls.length > 0)
  if (!Array.isArray(result) || result.length !== wanted.length) return null
  const blocks = result.map((block: { calls?: unknown } | null) => block?.calls)
  const given = wanted.map((calls, place) => outcomesIn(blocks[place], calls.length))
  if (given.some((outcomes) => outcomes === null)) return null
  const waiting = given.slice(1) as ReadResult[][]
  const hasAsked = read.probes.some(({ kind }) => kind !== 'storage')
  const after = read.probes.map(({ kind }) => waiting[kind === 'storage' && hasAsked ? 1 : 0]!.shift()!)
  return { calls: given[0]!, after }
}

function outcomesIn(calls: unknown, count: number): ReadResult[] | null {
  if (!Array.isArray(calls) || calls.length !== count) return null
  const outcomes = calls.map((call: { status?: unknown; returnData?: unknown } | null): ReadResult | null => {
    const data = call?.returnData ?? '0x'
    if (typeof data !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(data)) return null
    if (call?.status === '0x0') return failed
    if (call?.status !== '0x1') return null
    return { ok: true, data: data.slice(0, 2 + 2 * bytesMax).toLowerCase() as Hex }
  })
  return outcomes.some((outcome) => outcome === null) ? null : (outcomes as ReadResult[])
}

const failed: ReadResult = { ok: false, reverted: true, reason: 'the call reverted' }

const outcomeList = [
  { type: 'tuple[]', components: [{ type: 'bool' }, { type: 'bytes' }] },
  { type: 'tuple[]', components: [{ type: 'bool' }, { type: 'bytes' }] },
] as const
type Packed = readonly (readonly [boolean, Hex])[]

/** A simulation as `ReadResult.data` bears it. */
export function encodeSimulated({ calls, after }: Simulated): Hex {
  const pack = (outcomes: readonly ReadResult[]): Packed =>
    outcomes.map((outcome) => [outcome.ok, outcome.ok ? outcome.data : '0x'])
  return encodeAbiParameters(outcomeList, [pack(calls), pack(after)] as never)
}

/** What a simulation told. @param data The data of its answer. */
export function outcomesOf(data: Hex): Simulated {
  const [calls, after] = decodeAbiParameters(outcomeList, data) as unknown as [Packed, Packed]
  const unpack = (outcomes: Packed) => outcomes.map(([ok, each]): ReadResult => (ok ? { ok, data: each } : failed))
  return { calls: unpack(calls), after: unpack(after) }
}
