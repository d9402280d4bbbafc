import { type Hex, pad, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const peerOfThief: Scenario = {
  name: 'peer-of-thief',
  theme: 'dependency',
  attack:
    'With the key of the owner a thief makes a contract of his on another chain the peer of the token, whose messages then make coins here.',
  twin: 'Messages of the peer make coins as ever, one of them many.',

  async build({ deploy, call, mine, accounts }) {
    const [owner, timelock, endpoint, ...rest] = accounts as [Hex, Hex, Hex, ...Hex[]]
    const [users, thief] = [rest.slice(0, 4), accounts[20]!]
    const token = await deploy(readArtifact('PeerToken'), { args: [owner, timelock, endpoint] })
    const [far, own] = [30_110, pad('0x9a3fd1c25e7b80461f3c5d7e92ab04cd18e6f7b5', { size: 32 })]
    await call(token, 'setPeer', [far, own])
    const receive = (to: Hex, amount: string, sender = own) =>
      call(token, 'receiveMessage', [far, sender, to, parseEther(amount)], { from: endpoint })
    return {
      protect: [token.address],
      victims: [token.address],
      async ordinary() {
        for (const [index, user] of users.entries()) {
          await receive(user, `${900 + index * 210}`)
          await mine(4)
          await call(token, 'send', [far, parseEther(`${300 + index * 90}`)], { from: user })
          await mine(3)
        }
      },
      async attack() {
        const hostile = pad(thief, { size: 32 })
        await call(token, 'setPeer', [far, hostile])
        for (let part = 0; part < 5; part++) {
          await mine(20)
          await receive(thief, '9000', hostile)
        }
      },
      async twin() {
        await receive(users[0]!, '12000')
        await mine(10)
        await call(token, 'send', [far, parseEther('9000')], { from: users[0]! })
      },
    }
  },
}
