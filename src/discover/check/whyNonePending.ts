import type { ChainClient } from '../../evm/rpc/chainClient.ts'

const answerMs = 5_000

/** What is said of a provider that cannot tell by itself. */
export const noWebSocket = 'its URL is no WebSocket (`wss://…`), by which alone they are told of'

/**
 * Why no provider tells of pending transactions; null: one does. Asked as the watch asks: who takes the subscription counts
 * as telling, since on a quiet chain nothing may be pending for hours. Never rejects.
 */
export async function whyNonePending(client: ChainClient, timeoutMs = answerMs): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const refusals: string[] = []
  let asked = Number.POSITIVE_INFINITY
  const refused = () => {
    if (refusals.length >= asked) resolve(refusals.join('; '))
  }
  asked = client.onPending((host) => ({
    told: () => resolve(null),
    answered(reason) {
      if (reason === null) return resolve(null)
      refusals.push(`${host} refuses: ${reason}`)
      refused()
    },
  }))
  if (asked === 0) return noWebSocket
  refused()
  const timer = setTimeout(() => resolve(refusals.join('; ') || 'it gave no answer by WebSocket'), timeoutMs)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}
