import { encodeFunctionData } from 'viem'
import { executeSafe } from '../executeSafe.ts'
import type { Actor, World } from './actor.ts'
import { amountBetween, pick } from './random.ts'

/** Two signers who pay contributors out of the treasury. */
export function treasurer({ client, protocol }: World): Actor {
  const { dusd, treasury } = protocol.contracts
  const { signers, users } = protocol.accounts
  return {
    name: 'treasurer',
    everySeconds: 20,
    act(random) {
      const amount = amountBetween(random, 20_000_000n, 180_000_000n)
      const data = encodeFunctionData({
        abi: dusd.abi,
        functionName: 'transfer',
        args: [pick(random, users), amount],
      })
      const payment = { to: dusd.address, data }
      return executeSafe(client, treasury, payment, { signers: signers.slice(1), from: signers[2] })
    },
  }
}
