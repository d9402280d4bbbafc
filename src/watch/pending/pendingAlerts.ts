import { asNumber, asObject, type Raw } from '../../evm/parseHex.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { RpcAnswer } from '../../evm/rpc/provider.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { createBoundedMap } from '../../lib/createBoundedMap.ts'
import type { Address, Hex, Transaction } from '../../model/chain.ts'
import type { Monitor } from '../../model/monitor.ts'

/** A pending transaction of which people were told. */
export type Standing = {
  alertKey: string
  hash: Hex
  sender: Address
  nonce: number
  forgetAfterMs: number
  /** When a provider last knew it, on a clock that only goes forward. */
  knownAt: number
}

export type Ended = { key: string; because: string }

/** `back`: what was mined and is pending again after a reorg, as a provider wrote it. */
export type Looked = { ended: Ended[]; back: unknown[] }

/** Follows what people were told of until it is mined, replaced or forgotten. */
export type PendingAlerts = {
  follow(standing: Standing): void
  follows(hash: Hex): boolean
  /** Whether it would take the place of one that is followed. */
  isRival(transaction: Transaction): boolean
  /** It was tried, and does no harm: what it takes the place of is over. */
  harmless(transaction: Transaction): Ended[]
  /** Asks what became of them. @throws {RpcError} Nobody answers. */
  look(client: ChainClient, now: number): Promise<Looked>
  /** How many are followed, and how many of those that were mined a reorg may still bring back. */
  size(): number
}

/** More alerts about pending transactions than this are left to people to close. */
const followedMax = 200
/** Of those that were mined, which a reorg may take out of their blocks, and for how long. */
const [minedMax, minedForMs] = [64, 900_000]

export const standingOf = (
  { watch }: Monitor,
  alertKey: string,
  { hash, from, nonce }: Pick<Transaction, 'hash' | 'from' | 'nonce'>,
  knownAt: number,
): Standing => ({
  ...{ alertKey, hash, sender: from, nonce, knownAt },
  forgetAfterMs: (watch.pending?.forgetAfterSeconds ?? 0) * 1000,
})

export function createPendingAlerts(): PendingAlerts {
  const followed = new Map<string, Standing>()
  const mined = createBoundedMap<Hex, { hash: Hex; until: number }>(minedMax)
  const rivals = (transaction: Transaction) =>
    [...followed.values()].filter(
      ({ hash, sender, nonce }) =>
        sender === transaction.from && nonce === transaction.nonce && hash !== transaction.hash,
    )

  function end(standing: Standing, because: string): Ended {
    followed.delete(standing.alertKey)
    return { key: standing.alertKey, because }
  }

  return {
    follow(standing) {
      if (followed.size < followedMax || followed.has(standing.alertKey)) followed.set(standing.alertKey, standing)
    },
    follows: (hash) => [...followed.values()].some((each) => each.hash === hash),
    isRival: (transaction) => rivals(transaction).length > 0,
    harmless: (transaction) =>
      rivals(transaction).map((each) =>
        end(each, `its sender replaced it by ${transaction.hash}, which would take nothing`),
      ),
    async look(client, now) {
      for (const { hash, until } of mined.values()) if (until <= now) mined.delete(hash)
      const [all, past] = [[...followed.values()], mined.values()]
      if (all.length + past.length === 0) return { ended: [], back: [] }
      const answers = await client.batch([...all.flatMap(questionsOf), ...past.map(({ hash }) => wholeOf(hash))])
      const ended = all.flatMap((each, place) => {
        const [receipt, transaction, count] = answers.slice(3 * place, 3 * place + 3)
        const found = endOf(each, { receipt, transaction, count }, now)
        // Somebody may have put another in its place meanwhile.
        if (found === null || followed.get(each.alertKey) !== each) return []
        if (found.mined) mined.set(each.hash, { hash: each.hash, until: now + minedForMs })
        return [end(each, found.because)]
      })
      const back = past.flatMap(({ hash }, place) => {
        const whole = answers[3 * all.length + place]
        const isBack = whole?.ok && isPending(whole.result)
        return isBack && mined.delete(hash) ? [whole.result] : []
      })
      return { ended, back }
    },
    size: () => followed.size + mined.size(),
  }
}

const isPending = (raw: unknown): boolean =>
  typeof raw === 'object' && raw !== null && 'blockNumber' in raw && raw.blockNumber === null

const wholeOf = (hash: Hex) => ({ method: 'eth_getTransactionByHash', params: [hash] })

const questionsOf = ({ hash, sender }: Standing) => [
  { method: 'eth_getTransactionReceipt', params: [hash] },
  wholeOf(hash),
  { method: 'eth_getTransactionCount', params: [sender, 'latest'] },
]

type Answers = Record<'receipt' | 'transaction' | 'count', RpcAnswer | undefined>

type End = { because: string; mined?: true }

/** Why it is pending no more; null: it is, or nobody can tell. */
function endOf(standing: Standing, { receipt, transaction, count }: Answers, now: number): End | null {
  try {
    const found = foundIn(receipt)
    if (found) {
      const block = asNumber(found.blockNumber, 'the block of a receipt')
      const how = found.status === '0x0' ? ', where it failed' : ''
      return { because: `it was mined in block ${block}${how}`, mined: true }
    }
    if (foundIn(transaction)) {
      standing.knownAt = now
      return null
    }
    if (count?.ok && asNumber(count.result, 'the nonce of a sender') > standing.nonce)
      return { because: 'its sender replaced it by another transaction, which was mined' }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return null
  }
  const isUnknown = receipt?.ok && transaction?.ok
  if (!isUnknown || now - standing.knownAt < standing.forgetAfterMs) return null
  return { because: `no provider has known it for ${Math.round((now - standing.knownAt) / 1000)} s` }
}

const foundIn = (answer: RpcAnswer | undefined): Raw | null =>
  answer?.ok && answer.result !== null ? asObject(answer.result, 'a transaction') : null
