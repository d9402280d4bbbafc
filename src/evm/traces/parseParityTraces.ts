import type { Call } from '../../model/chain.ts'
import { asAddress, asBigint, asHex, asList, asNumber, asObject, type Raw } from '../parseHex.ts'
import { RpcError } from '../rpc/rpcError.ts'
import { errorOf, type Frame, mustFit } from './frame.ts'

const kinds: ReadonlyMap<unknown, Call['kind']> = new Map([
  ['call', 'call'],
  ['staticcall', 'staticcall'],
  ['delegatecall', 'delegatecall'],
  ['callcode', 'callcode'],
])

const pathMax = 1024

/**
 * The calls of one transaction as `trace_block` and `trace_transaction` give them: flat, each with its place in the tree.
 * The places are checked, and so is that no call has fewer others within it than it says.
 * @throws {RpcError} They are no such traces.
 */
export function parseParityTraces(list: readonly unknown[]): Frame[] {
  const frames: Frame[] = []
  /** For each call around the next one: how many calls it says it makes, and how many have come. */
  const open: { announced: number; come: number }[] = []
  const close = (depth: number) => {
    for (const { announced, come } of open.splice(depth)) {
      if (come !== announced)
        throw new RpcError('malformed', `A call of a trace has ${come} of its ${announced} calls.`)
    }
  }
  for (const raw of list) {
    const trace = asObject(raw, 'a trace')
    const path = asList(trace.traceAddress, 'the place of a call', pathMax)
    mustFit(frames, path.length)
    close(path.length)
    const around = open.at(-1)
    const place = around?.come
    if (path.length !== open.length || path.at(-1) !== place || (!around && frames.length > 0)) {
      throw new RpcError('malformed', 'A call of a trace does not follow on the one before it.')
    }
    if (around) around.come++
    open.push({ announced: asCount(trace.subtraces), come: 0 })
    frames.push(parseFrame(trace, path.length))
  }
  close(0)
  return frames
}

function asCount(value: unknown): number {
  if (Number.isSafeInteger(value)) return Number(value)
  return asNumber(value, 'a number of calls')
}

function parseFrame({ type, action: rawAction, result: rawResult, error: rawError }: Raw, depth: number): Frame {
  const action = asObject(rawAction, 'the action of a trace')
  const result = rawResult == null ? {} : asObject(rawResult, 'the result of a trace')
  const error = errorOf(rawError)
  const gasUsed = result.gasUsed == null ? null : asBigint(result.gasUsed, 'the gas of a call')
  const from = () => asAddress(action.from, 'the sender of a call')
  const value = () => asBigint(action.value ?? '0x0', 'the value of a call')
  if (type === 'create') {
    return {
      depth,
      kind: 'create',
      from: from(),
      to: error === null ? asAddress(result.address, 'a created contract') : null,
      value: value(),
      input: asHex(action.init, 'the code that creates a contract'),
      output: asHex(result.code ?? '0x', 'the code of a contract'),
      gasUsed,
      error,
    }
  }
  if (type === 'suicide' || type === 'selfdestruct') {
    return {
      depth,
      kind: 'selfdestruct',
      from: asAddress(action.address, 'a contract that ends itself'),
      to: asAddress(action.refundAddress, 'who gets what is left'),
      value: asBigint(action.balance, 'what is left'),
      input: '0x',
      output: '0x',
      gasUsed: 0n,
      error,
    }
  }
  const kind = type === 'call' ? kinds.get(action.callType) : undefined
  if (!kind) throw new RpcError('malformed', 'A provider gave a trace with a kind of call that does not exist.')
  return {
    depth,
    kind,
    from: from(),
    to: asAddress(action.to, 'the recipient of a call'),
    value: kind === 'call' ? value() : 0n,
    input: asHex(action.input, 'the input of a call'),
    output: asHex(result.output ?? '0x', 'the output of a call'),
    gasUsed,
    error,
  }
}
