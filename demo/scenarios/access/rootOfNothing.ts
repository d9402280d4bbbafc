import { encodeAbiParameters, type Hex, keccak256, pad, zeroHash } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

const words = [{ type: 'address' }, { type: 'uint256' }, { type: 'uint256' }] as const
const sibling = pad('0x77')

export const rootOfNothing: Scenario = {
  name: 'root-of-nothing',
  theme: 'access',
  attack:
    'With the key of the owner a thief sets the inbox of a bridge up with the root zero, under which everything lies that was never proved, and is paid for messages that nobody sent.',
  twin: 'The updater brings roots as ever, under one of which lies a large message.',

  async build({ deploy, call, mine, accounts }) {
    const [deployer, owner, updater, relayer, ana, ben] = accounts as [Hex, Hex, Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const token = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const inbox = await deploy(readArtifact('RootInbox'), { args: [owner, updater, token.address, keccak256('0x01')] })
    await call(token, 'mint', [inbox.address, dollars('2000000')])
    let nonce = 1n
    const deliver = async (to: Hex, amount: string) => {
      const message = [to, dollars(amount), nonce++] as const
      const leaf = keccak256(encodeAbiParameters(words, message))
      const root = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [leaf, sibling]))
      await call(inbox, 'update', [root], { from: updater })
      await mine(2)
      await call(inbox, 'prove', [leaf, sibling], { from: relayer })
      await call(inbox, 'process', message, { from: relayer })
      await mine(3)
    }
    return {
      protect: [inbox.address],
      victims: [inbox.address],
      async ordinary() {
        for (const amount of ['900', '1500', '700', '2100']) {
          await deliver(ana, amount)
          await deliver(ben, amount)
        }
      },
      async attack() {
        await call(inbox, 'setUp', [zeroHash], { from: owner })
        for (let part = 0; part < 4; part++) {
          await mine(30)
          await call(inbox, 'process', [thief, dollars('45000'), 1_000n + BigInt(part)], { from: thief })
        }
      },
      async twin() {
        await deliver(ana, '40000')
        await deliver(ben, '300')
      },
    }
  },
}
