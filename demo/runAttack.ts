import type { Hex } from 'viem'
import { KnownError } from '../src/model/error.ts'
import { getAttack } from './attacks.ts'
import { connect } from './connect.ts'
import { assignAccounts, bindProtocol } from './protocol.ts'
import { getRunningDemo } from './runningDemo.ts'

/**
 * Sets off an attack on the demo that another process runs, and resolves when the attacker is done.
 *
 * @throws {KnownError} There is no such attack, no demo is running, or its chain does not answer.
 */
export async function runAttack({
  name,
  dataDirectory,
}: {
  name: string
  dataDirectory: string
}): Promise<{ transactions: Hex[] }> {
  const attack = getAttack(name)
  const { rpcUrl, addresses } = getRunningDemo(dataDirectory)
  const client = connect(rpcUrl)
  const accounts = await client.getAddresses().catch((cause) => {
    throw new KnownError('unavailable', `The chain of the demo does not answer at ${new URL(rpcUrl).host}.`, {
      cause,
      hints: ['Start the demo anew with `npm start`.'],
    })
  })
  return attack.run({ client, protocol: bindProtocol(addresses, assignAccounts(accounts)) })
}
