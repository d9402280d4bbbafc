import { blockCall } from '../evm/fetchBlock.ts'
import { parseHeader } from '../evm/parseBlock.ts'
import type { Raw } from '../evm/parseHex.ts'
import type { ChainClient, Opinion } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import { isFlaw } from '../evm/verify/createVerifier.ts'
import type { Hex } from '../model/chain.ts'

type Judged = { blockNumber: number; blockHash: Hex }

/** How far enough providers agree with the blocks that were judged. */
export type Agreement = {
  /**
   * Asks every provider for the hash of one judged block, the same one until enough of them have given it, then the
   * newest: who is a block behind is not taken for disagreeing. Never rejects; does nothing while it is under way.
   */
  refresh(newest: Judged): Promise<void>
  /** Judged blocks above this one were taken back. */
  rewound(number: number): void
  /** The newest judged block that enough providers agree on, and so on all before it; Infinity where none need be asked. */
  number(): number
  /** Providers contradict what was judged. `since`: in milliseconds of `performance.now()`. */
  dispute(): { since: number; words: string } | null
}

/** @param quorum How many providers must give the same hash. */
export function createAgreement(client: ChainClient, { quorum }: { quorum: number }): Agreement {
  let agreed = quorum > 1 ? 0 : Number.POSITIVE_INFINITY
  let asked: Judged | undefined
  let isUnderWay = false
  let dispute: { since: number; words: string } | null = null

  async function ask(about: Judged): Promise<void> {
    const opinions = await client.survey(blockCall(about.blockNumber), (raw) => hashOf(client, raw))
    // A reorg has overtaken the question.
    if (asked !== about) return
    const given = opinions.flatMap((opinion) => (opinion.ok && opinion.result !== null ? [opinion] : []))
    const others = given.filter(({ result }) => result !== about.blockHash)
    if (others.length > 0) dispute = { since: dispute?.since ?? performance.now(), words: wordsOf(about, others) }
    else if (given.length > 0) dispute = null
    if (given.length - others.length < quorum) return
    agreed = Math.max(agreed, about.blockNumber)
    asked = undefined
  }

  return {
    async refresh(newest) {
      if (quorum <= 1 || isUnderWay || newest.blockNumber <= agreed) return
      isUnderWay = true
      asked ??= { ...newest }
      try {
        await ask(asked)
      } finally {
        isUnderWay = false
      }
    },
    rewound(number) {
      if (quorum > 1) agreed = Math.min(agreed, number)
      if (asked && asked.blockNumber > number) asked = undefined
    },
    number: () => agreed,
    dispute: () => dispute,
  }
}

/** Null: the provider does not have the block yet. */
function hashOf({ verifier }: ChainClient, raw: unknown): Hex | null {
  if (raw === null) return null
  const { hash } = parseHeader(raw)
  const verdict = verifier.header(raw as Raw)
  if (isFlaw(verdict) && verdict.certain)
    throw new RpcError('untrue', `A provider is contradicted: ${verdict.message}.`)
  return hash
}

function wordsOf({ blockNumber, blockHash }: Judged, others: readonly (Opinion<Hex | null> & { ok: true })[]): string {
  const said = others.map(({ host, result }) => `${host} gives ${result}`).join(', ')
  return `block ${blockNumber} was judged as ${blockHash}, and ${said}`
}
