import { createTestClient, http, publicActions, walletActions } from 'viem'

export type DemoClient = ReturnType<typeof connect>

/** A client that may do everything that the local chain offers. Its accounts are unlocked: the node signs for them. */
export const connect = (rpcUrl: string) =>
  createTestClient({
    mode: 'anvil',
    transport: http(rpcUrl, { timeout: 15_000, retryCount: 2 }),
    pollingInterval: 100,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions)
