import { BaseError, ContractFunctionExecutionError, type Hex } from 'viem'
import type { DemoClient } from '../connect.ts'
import type { Protocol } from '../protocol.ts'
import { type Bound, send } from '../send.ts'
import type { Random } from './random.ts'

export type World = { client: DemoClient; protocol: Protocol }

/** Somebody who does something every now and then, one transaction at a time. */
export type Actor = {
  name: string
  /** On the average. */
  everySeconds: number
  /** Sends at most one transaction. Undefined: there was nothing to do. */
  act(random: Random): Promise<Hex | undefined>
}

/** Sends as a careful wallet does: what would revert now is not sent at all. */
export async function sendIfItWorks(
  { client }: World,
  to: Bound,
  functionName: string,
  args: readonly unknown[],
  from: Hex,
): Promise<Hex | undefined> {
  try {
    await client.simulateContract({ address: to.address, abi: to.abi, functionName, args, account: from })
  } catch (error) {
    if (error instanceof ContractFunctionExecutionError && isRevert(error)) return undefined
    throw error
  }
  return send(client, to, functionName, args, { from })
}

/** Not so when the node did not answer. */
const isRevert = (error: BaseError) =>
  error.walk((cause) => cause instanceof BaseError && /ContractFunction(Reverted|ZeroData)Error/.test(cause.name)) !==
  null
