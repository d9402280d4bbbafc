import type { ChainClient } from '../../evm/rpc/chainClient.ts'

/** The providers that tell of pending transactions. */
export type PendingSources = {
  /** Why nobody tells of any; null: somebody does, or may still say that he will. */
  whyBlind(now: number): string | null
}

/** After so long without a word, who was asked counts as not having heard. */
const answerMs = 30_000

/** @param told What every provider tells, as it wrote it. */
export function createPendingSources(
  client: ChainClient,
  startedAt: number,
  told: (notice: unknown) => void,
): PendingSources {
  const answers = new Map<string, string | null>()
  const asked = client.onPending((host) => ({
    told(notice) {
      answers.set(host, null)
      told(notice)
    },
    answered: (reason) => answers.set(host, reason),
  }))

  return {
    whyBlind(now) {
      if (asked === 0) return 'none has a WebSocket URL (`wss://…`) under `rpc`, by which alone they are told of'
      const given = [...answers]
      if (given.some(([, reason]) => reason === null)) return null
      if (given.length < asked && now - startedAt < answerMs) return null
      const refusals = given.map(([host, reason]) => `${host} refuses: ${reason}`)
      return refusals.length > 0 ? refusals.join('; ') : 'none has answered by WebSocket'
    },
  }
}
