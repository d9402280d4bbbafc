import { fetchHeader } from '../../evm/fetchBlock.ts'
import { readState } from '../../evm/readState.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Manual } from '../../model/detector.ts'
import { type Read, readKey } from '../../model/read.ts'
import { simulates } from './simulates.ts'
import { note, ok, problem, type Verdict } from './verdict.ts'
import { whyNonePending } from './whyNonePending.ts'

/** `simulation`: what calls would lead to. `pending`: transactions that stand in no block yet. */
export type Need = Manual<unknown>['needs'][number] | 'simulation' | 'pending'

/** `header`: the newest block; null where the provider cannot be used at all. */
export type ProviderCheck = { header: BlockHeader | null; receiptsAtOnce: boolean; verdicts: Verdict[] }

type Wanted = { id: number; needs: ReadonlySet<Need>; staleAfterMs: number; now: Date }

const zero: Address = `0x${'0'.repeat(40)}`
/** Nodes that keep no archive have thrown away state of this age. */
const oldBlocks = 1000

/** Whether one provider can be watched by: `client` is of it alone. Every request has the client's own time limit. */
export async function checkProvider(client: ChainClient, wanted: Wanted): Promise<ProviderCheck> {
  let header: BlockHeader | null
  try {
    header = await fetchHeader(client, 'latest')
  } catch (error) {
    return unusable(problem(messageOf(error), hintOf(error)))
  }
  if (!header) return unusable(problem('It does not tell its newest block.'))
  const age = checkAge(client, header, wanted)
  const batches = await checkBatches(client)
  const rest = await Promise.all([
    checkReceipts(client, header, wanted),
    checkState(client, header, wanted),
    checkSimulation(client, header, wanted),
    checkPending(client, wanted),
    checkFinality(client),
  ])
  const verdicts = [age, ...batches, ...rest.flat()]
  return { header, receiptsAtOnce: !verdicts.includes(oneByOne), verdicts }
}

const unusable = (verdict: Verdict): ProviderCheck => ({ header: null, receiptsAtOnce: true, verdicts: [verdict] })

const oneByOne = note(
  'It does not know eth_getBlockReceipts.',
  'Receipts are read one by one, which costs more requests.',
)

function checkAge(client: ChainClient, { number, timestamp }: BlockHeader, { id, staleAfterMs, now }: Wanted): Verdict {
  const ageSeconds = Math.round(now.getTime() / 1000 - timestamp)
  const block = `block ${number.toLocaleString('en')}`
  if (ageSeconds * 1000 > staleAfterMs) {
    const hint = 'Compare with an explorer. Where a chain may stand still, raise `staleAfter`.'
    return problem(`Its newest block, ${number}, is ${inWords(ageSeconds)} old.`, hint)
  }
  if (ageSeconds < -60) {
    return problem(`Its newest block is ${-ageSeconds} s in the future.`, 'Is the clock of this machine right?')
  }
  const latency = client.providers()[0]?.latencyMs
  return ok(`serves chain ${id}, ${block} of ${Math.max(0, ageSeconds)} s ago, answers within ${latency} ms`)
}

function inWords(seconds: number): string {
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`
}

async function checkReceipts(client: ChainClient, { hash }: BlockHeader, { needs }: Wanted): Promise<Verdict> {
  try {
    const method = 'eth_getBlockReceipts'
    const isList = await client.request({ method, params: [hash] }, (raw) => Array.isArray(raw))
    if (isList) return ok('gives the receipts of a block at once')
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    if (error.unsupported) return oneByOne
    if (needs.has('logs')) return problem(`It gives no receipts, which the monitors need: ${error.message}`)
    return note(`It gives no receipts: ${error.message}`)
  }
  return problem('It gives no receipts of its newest block, which the monitors need.')
}

async function checkState(client: ChainClient, header: BlockHeader, { needs }: Wanted): Promise<Verdict[]> {
  const reads: Read[] = (['block', 'parent'] as const).map((at) => ({ at, kind: 'balance', of: zero }))
  try {
    const answers = await readState(client, header, reads)
    const failed = reads.map((read) => answers.get(readKey(read))!).find((answer) => !answer.ok)
    if (!failed || failed.ok)
      return [ok('reads state after the newest block and before it'), ...(await checkOld(client, header))]
    if (needs.has('state')) {
      const hint = 'It must answer eth_call, eth_getBalance and eth_getStorageAt by block hash (EIP-1898).'
      return [problem(`It reads no state, which the monitors need: ${failed.reason}`, hint)]
    }
    return [note(`It reads no state: ${failed.reason}`)]
  } catch (error) {
    return [problem(`It reads no state: ${messageOf(error)}`)]
  }
}

async function checkOld(client: ChainClient, { number }: BlockHeader): Promise<Verdict[]> {
  if (number <= oldBlocks) return []
  const block: Hex = `0x${(number - oldBlocks).toString(16)}`
  try {
    await client.request({ method: 'eth_getBalance', params: [zero, block] }, () => undefined)
    return [ok('keeps old state, so that replay can judge it')]
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return [
      note('It keeps no old state.', 'Replay, and catching up after a long stop, are blind where monitors read state.'),
    ]
  }
}

/** A provider that refuses a batch is asked call by call, which the number of requests shows. */
async function checkBatches(client: ChainClient): Promise<Verdict[]> {
  const calls = ['eth_chainId', 'eth_blockNumber', 'eth_gasPrice'].map((method) => ({ method, params: [] }))
  const requests = () => client.providers()[0]?.requests ?? 0
  const before = requests()
  try {
    await client.batch(calls)
  } catch (error) {
    return [problem(`It does not answer several calls at once: ${messageOf(error)}`)]
  }
  if (requests() - before <= 1) return []
  return [note('It takes no batches.', 'State is read call by call, which costs more requests.')]
}

async function checkSimulation(client: ChainClient, header: BlockHeader, { needs }: Wanted): Promise<Verdict[]> {
  if (!needs.has('simulation')) return []
  try {
    if (await simulates(client, header)) return [ok('tells what calls would lead to')]
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
  }
  return [
    note(
      'It does not simulate calls (eth_simulateV1).',
      'Monitors that try what is decided, or what a new contract would do, are blind on that, unless another provider does.',
    ),
  ]
}

async function checkPending(client: ChainClient, { needs }: Wanted): Promise<Verdict[]> {
  if (!needs.has('pending')) return []
  const reason = await whyNonePending(client)
  if (reason === null) return [ok('tells of pending transactions')]
  const hint = 'Monitors that try what is pending see nothing, unless another provider of this chain tells of it.'
  return [note(`It does not tell of pending transactions: ${reason}.`, hint)]
}

async function checkFinality(client: ChainClient): Promise<Verdict[]> {
  const finalized = await fetchHeader(client, 'finalized').catch(() => null)
  return finalized
    ? []
    : [note('It does not tell which blocks are final.', 'They count as final by depth (`finalityDepth`).')]
}

function messageOf(error: unknown): string {
  if (error instanceof RpcError) return error.message
  throw error
}

const hintOf = (error: unknown) => (error instanceof RpcError ? error.hints[0] : undefined)
