import { type Abi, encodeFunctionData, type Hex, type TransactionReceipt } from 'viem'
import type { DemoClient } from './connect.ts'

export type Bound = { address: Hex; abi: Abi }

type Sent = { from: Hex; value?: bigint; gas?: bigint }

/** Enough for everything but deployments; fixed, so that a call that reverts is mined and not refused by an estimate. */
const callGas = 1_500_000n
const createGas = 8_000_000n

/** Sends a call from an unlocked account; does not wait for it. */
export const send = (
  client: DemoClient,
  to: Bound,
  functionName: string,
  args: readonly unknown[],
  { from, value = 0n, gas = callGas }: Sent,
): Promise<Hex> =>
  submit(client, { from, to: to.address, value, gas, data: encodeFunctionData({ abi: to.abi, functionName, args }) })

/** Sends raw data, or creates a contract where `to` is left out. */
export const submit = (
  client: DemoClient,
  { from, to, value = 0n, data = '0x', gas = createGas }: Sent & { to?: Hex; data?: Hex },
): Promise<Hex> => client.sendTransaction({ account: from, chain: null, to: to ?? null, data, value, gas })

/** Waits until the transaction is in a block, reverted or not. Twenty seconds at most. */
export const mined = (client: DemoClient, hash: Hex): Promise<TransactionReceipt> =>
  client.waitForTransactionReceipt({ hash, timeout: 20_000 })

/** Waits for a transaction that must succeed. */
export async function succeeded(client: DemoClient, hash: Hex): Promise<TransactionReceipt> {
  const receipt = await mined(client, hash)
  if (receipt.status === 'reverted') throw new Error(`The transaction ${hash} reverted.`)
  return receipt
}

/** Reads one unsigned number. */
export async function readAmount(
  client: DemoClient,
  { address, abi }: Bound,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<bigint> {
  const value = await client.readContract({ address, abi, functionName, args })
  if (typeof value !== 'bigint') throw new Error(`${functionName} answered no number.`)
  return value
}
