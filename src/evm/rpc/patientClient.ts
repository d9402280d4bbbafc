import type { ChainClient } from './chainClient.ts'
import { RpcError } from './rpcError.ts'

const pausesMs = [250, 500, 1000, 2000]
const pauseMsMax = 60_000

/**
 * A client that asks again, after growing pauses, what no provider answered: for work that has no loop of its own to
 * come back. Once it has waited in vain it does not wait again until something was answered.
 * @param sleep Waits for so many milliseconds.
 */
export function patientClient(client: ChainClient, sleep: (ms: number) => Promise<void>): ChainClient {
  let isTired = false

  async function persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries++) {
      try {
        const result = await attempt()
        isTired = false
        return result
      } catch (error) {
        if (!(error instanceof RpcError) || isAnswer(error) || !error.retryable || isTired) throw error
        const pauseMs = pausesMs[tries]
        if (pauseMs === undefined) {
          isTired = true
          throw error
        }
        await sleep(Math.min(Math.max(pauseMs, error.retryAfterMs ?? 0), pauseMsMax))
      }
    }
  }

  return {
    ...client,
    ask: (question, read) => persist(() => client.ask(question, read)),
    request: (call, read) => persist(() => client.request(call, read)),
    batch: (calls) => persist(() => client.batch(calls)),
  }
}

/** What waiting does not change. */
const isAnswer = ({ fault }: RpcError): boolean => fault === 'answered' || fault === 'unproved'
