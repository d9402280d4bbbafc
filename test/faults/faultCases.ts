import type { Fault } from '../harness/node/faults.ts'
import { disagree, jump, reorganise, stop, stopFirst } from './courses.ts'
import type { FaultCase } from './faultCase.ts'

const honest: readonly Fault[] = []

/** How the way to a provider fails. */
const connection: readonly FaultCase[] = [
  { name: 'HTTP 429', providers: [[{ kind: 'status', status: 429, rate: 0.06 }]] },
  { name: 'HTTP 503', providers: [[{ kind: 'status', status: 503, rate: 0.06 }]] },
  {
    name: 'time-outs',
    providers: [
      [
        { kind: 'hang', rate: 0.01 },
        { kind: 'drip', rate: 0.01 },
      ],
    ],
  },
  { name: 'slow answers', providers: [[{ kind: 'slow', delayMs: 30, rate: 0.2 }]] },
  { name: 'dropped connections', providers: [[{ kind: 'drop', rate: 0.06 }]] },
  { name: 'malformed answers', providers: [[{ kind: 'malformed', rate: 0.06 }]] },
  { name: 'oversized answers', providers: [[{ kind: 'oversized', megabytes: 130, rate: 0.004 }]] },
  {
    name: 'answers to other questions',
    providers: [
      [
        { kind: 'mixedIds', as: 'other', rate: 0.05 },
        { kind: 'mixedIds', as: 'twice', rate: 0.05 },
      ],
    ],
  },
  { name: 'error answers', providers: [[{ kind: 'error', code: -32000, message: 'internal error', rate: 0.06 }]] },
  {
    name: 'a WebSocket that is cut, garbled and late',
    over: 'WebSocket',
    providers: [
      [
        { kind: 'strangeHeads', rate: 0.2 },
        { kind: 'muteHeads', rate: 0.3 },
        { kind: 'drop', rate: 0.03 },
        { kind: 'malformed', rate: 0.03 },
        { kind: 'mixedIds', as: 'twice', rate: 0.03 },
        { kind: 'slow', delayMs: 20, rate: 0.05 },
        { kind: 'hang', rate: 0.005 },
      ],
    ],
  },
]

/** What providers do not know yet, or know too soon. */
const head: readonly FaultCase[] = [
  { name: 'no block at the head yet', providers: [[{ kind: 'nullHeadBlock', rate: 0.2 }]] },
  {
    name: 'no receipts at the head yet',
    providers: [
      (['null', 'empty', 'partial', 'absent'] as const).map((as) => ({ kind: 'headReceipts', as, rate: 0.1 })),
    ],
  },
  { name: 'a head that goes back', providers: [[{ kind: 'staleHead', by: 5, rate: 0.6 }]] },
  { name: 'a laggard behind a load balancer', providers: [[{ kind: 'laggard', by: 3, rate: 0.3 }]] },
  { name: 'a head 10,000 blocks too high', providers: [[{ kind: 'jumpHead', by: 10_000, rate: 0.3 }]] },
  { name: 'a head that jumps to the end', providers: [honest], course: jump },
  { name: 'a chain that stops', providers: [honest], course: stop, chain: { staleAfterMs: 100 } },
  {
    name: 'a provider that stops',
    providers: [honest, honest],
    course: stopFirst,
    chain: { staleAfterMs: 20 },
  },
]

/** What providers say that is not so, where another one is honest. */
const lies: readonly FaultCase[] = [
  { name: 'another chain', providers: [[{ kind: 'chainId', chainId: 137 }], honest] },
  { name: 'logs left out', providers: [[{ kind: 'omitLog' }], honest] },
  { name: 'logs left out now and then, by the only provider', providers: [[{ kind: 'omitLog', rate: 0.1 }]] },
  { name: 'logs that are no logs', providers: [[{ kind: 'wrongType', as: 'missingTopics' }], honest] },
  { name: 'blocks that are no blocks', providers: [[{ kind: 'wrongType', as: 'blockNumber', rate: 0.5 }], honest] },
  { name: 'logs that call themselves removed', providers: [[{ kind: 'removedLogs', rate: 0.5 }]] },
  { name: 'a forged hash', providers: [[{ kind: 'forge', as: 'hash', every: 3 }], honest] },
  { name: 'a forged time', providers: [[{ kind: 'forge', as: 'header', every: 3 }], honest] },
  { name: 'forged log data', providers: [[{ kind: 'forge', as: 'log', every: 3 }], honest] },
  { name: 'a log gone from receipts and bloom', providers: [[{ kind: 'forge', as: 'bloom', every: 3 }], honest] },
]

/** What happens to the chain. */
const reorgs: readonly FaultCase[] = [
  { name: 'reorgs of 1 to 64 blocks', providers: [honest], course: reorganise },
  {
    name: 'two providers that disagree',
    providers: [[{ kind: 'drop', rate: 0.05 }], honest],
    course: disagree,
  },
]

const passing: readonly Fault[] = [
  { kind: 'status', status: 503, rate: 0.02 },
  { kind: 'status', status: 429, rate: 0.02 },
  { kind: 'drop', rate: 0.02 },
  { kind: 'malformed', rate: 0.02 },
  { kind: 'mixedIds', as: 'other', rate: 0.02 },
  { kind: 'hang', rate: 0.002 },
  { kind: 'error', code: -32000, message: 'internal error', rate: 0.02 },
  { kind: 'nullHeadBlock', rate: 0.05 },
  { kind: 'headReceipts', as: 'null', rate: 0.05 },
  { kind: 'headReceipts', as: 'partial', rate: 0.05 },
  { kind: 'staleHead', by: 3, rate: 0.1 },
  { kind: 'laggard', by: 2, rate: 0.05 },
  { kind: 'jumpHead', by: 10_000, rate: 0.05 },
  { kind: 'omitLog', rate: 0.05 },
  { kind: 'wrongType', as: 'blockNumber', rate: 0.05 },
  { kind: 'removedLogs', rate: 0.2 },
]
const lying: readonly Fault[] = (['hash', 'header', 'log', 'bloom'] as const).map((as, place) => ({
  kind: 'forge',
  as,
  every: 3 + place,
}))

/** All at once. */
const mixed: readonly FaultCase[] = [
  { name: 'one provider with every passing fault', providers: [passing] },
  { name: 'every passing fault and reorgs', providers: [passing, passing], course: reorganise },
  { name: 'a liar, reorgs and every passing fault', providers: [[...lying, ...passing], passing], course: reorganise },
]

export const faultCases = { connection, head, lies, reorgs, mixed }
