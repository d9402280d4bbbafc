import type { ChainClient } from './rpc/chainClient.ts'
import type { Provider } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import { type Flaw, isFlaw, type Verdict } from './verify/createVerifier.ts'

/** Takes what was read, or refuses it for its flaw, so that the next provider is asked. */
export type Sift<Result> = (provider: Provider, result: Result, verdict: Verdict) => void

/** `faults`: what of it every provider contradicts. */
export type Taken<Result> = { result: Result; faults: string[] }

/**
 * What nobody gives without a flaw is taken with it, where the flaw may be the chain's own or does no harm. What this
 * chain had proved is taken against the proof, as a fault, only once every provider contradicts it: a fork may do that,
 * and so may a lie while those who tell the truth are down.
 */
export async function unlessFlawed<Result>(
  client: ChainClient,
  ask: (sift: Sift<Result>) => Promise<Result | null>,
  { isHint = false } = {},
): Promise<Taken<Result> | null> {
  let flawed: { result: Result; flaw: Flaw } | undefined
  const contradicting = new Set<Provider>()
  try {
    const result = await ask((provider, given, flaw) => {
      if (!isFlaw(flaw)) return
      if (flaw.certain && flaw.aspect !== 'header') contradicting.add(provider)
      if (!flawed || (flawed.flaw.certain && !flaw.certain)) flawed = { result: given, flaw }
      throw flawError(flaw)
    })
    return result && { result, faults: [] }
  } catch (error) {
    if (!flawed || !(error instanceof RpcError)) throw error
    const { result, flaw } = flawed
    const isAgreed = !flaw.certain || contradicting.size >= providersOf(client)
    if ((isAgreed && client.verifier.concede(flaw)) || isHint) {
      return { result, faults: flaw.certain && !isHint ? [flaw.message] : [] }
    }
    throw error
  }
}

/** How many there are, without those that serve another chain. */
const providersOf = (client: ChainClient) => client.providers().filter(({ state }) => state !== 'refused').length

function flawError({ message, certain }: Flaw): RpcError {
  const hints = ['On a chain that hashes in its own way set `headerFields`, or `verify: never`, for this chain.']
  return new RpcError(certain ? 'untrue' : 'unproved', `A provider is contradicted: ${message}.`, { hints })
}
