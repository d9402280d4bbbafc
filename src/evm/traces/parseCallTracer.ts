import type { Call } from '../../model/chain.ts'
import { asAddress, asBigint, asHex, asList, asObject, type Raw } from '../parseHex.ts'
import { RpcError } from '../rpc/rpcError.ts'
import { errorOf, type Frame, mustFit } from './frame.ts'

const kinds: ReadonlyMap<unknown, Call['kind']> = new Map([
  ['CALL', 'call'],
  ['STATICCALL', 'staticcall'],
  ['DELEGATECALL', 'delegatecall'],
  ['CALLCODE', 'callcode'],
  ['CREATE', 'create'],
  ['CREATE2', 'create'],
  ['SELFDESTRUCT', 'selfdestruct'],
])

const callsMax = 400_000

/**
 * The calls of one transaction as Geth's `callTracer` gives them, nested. A stack of our own takes the place of recursion:
 * how deep an answer is, is for its sender to choose.
 * @throws {RpcError} It is no such trace.
 */
export function parseCallTracer(raw: unknown): Frame[] {
  const frames: Frame[] = []
  const open: { raw: unknown; depth: number }[] = [{ raw, depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    mustFit(frames, next.depth)
    const call = asObject(next.raw, 'a call of a trace')
    frames.push(parseFrame(call, next.depth))
    const inner = asList(call.calls ?? [], 'the calls within a call', callsMax)
    for (const child of inner.toReversed()) open.push({ raw: child, depth: next.depth + 1 })
  }
  return frames
}

function parseFrame(call: Raw, depth: number): Frame {
  const kind = kinds.get(call.type)
  if (!kind) throw new RpcError('malformed', 'A provider gave a trace with a kind of call that does not exist.')
  const error = errorOf(call.error)
  const hasNoAddress = kind === 'create' && error !== null
  const moves = kind === 'call' || kind === 'create' || kind === 'selfdestruct'
  return {
    depth,
    kind,
    from: asAddress(call.from, 'the sender of a call'),
    to: hasNoAddress ? null : asAddress(call.to, 'the recipient of a call'),
    value: moves && call.value != null ? asBigint(call.value, 'the value of a call') : 0n,
    input: asHex(call.input ?? '0x', 'the input of a call'),
    output: asHex(call.output ?? '0x', 'the output of a call'),
    gasUsed: call.gasUsed == null ? null : asBigint(call.gasUsed, 'the gas of a call'),
    error,
  }
}
