import { encodeAbiParameters, encodeFunctionData, type Hex, keccak256, maxUint256, pad, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

const [keeper, forger] = [0x5e7, 0x5e8].map((key) => privateKeyToAccount(pad(toHex(key), { size: 32 }))) as [
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
]
const keyOf = ({ address }: typeof keeper) => encodeAbiParameters([{ type: 'address' }], [address])

export const swappedKey: Scenario = {
  name: 'swapped-key',
  theme: 'dependency',
  attack:
    'A message that the keeper signs unread has the bridge call its own register and name another key; the thief signs with it for himself, part by part.',
  twin: 'The keeper signs a large withdrawal, and a message of somebody else’s key is refused.',

  async build({ deploy, call, attempt, accounts, mine }) {
    const deployer = accounts[0]!
    const [users, thief] = [accounts.slice(5, 11), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const register = await deploy(readArtifact('KeyRegister'), { args: [keyOf(keeper)] })
    const bridge = await deploy(readArtifact('KeyedBridge'), { args: [register.address, dollar.address] })
    await call(register, 'handTo', [bridge.address])
    for (const user of users) {
      await call(dollar, 'mint', [user, dollars('400000')])
      await call(dollar, 'approve', [bridge.address, maxUint256], { from: user })
      await call(bridge, 'lock', [dollars('300000')], { from: user })
    }
    const message = async (number: bigint, to: Bound, data: Hex, signer = keeper) => {
      const types = [{ type: 'uint256' }, { type: 'address' }, { type: 'bytes' }] as const
      const hash = keccak256(encodeAbiParameters(types, [number, to.address, data]))
      return [number, to.address, data, await signer.sign({ hash })] as const
    }
    const unlock = (to: Hex, amount: string) =>
      encodeFunctionData({ abi: bridge.abi, functionName: 'unlock', args: [to, dollars(amount)] })
    const send = async (...given: Parameters<typeof message>) => call(bridge, 'carryOut', await message(...given))
    return {
      protect: [bridge.address, register.address],
      victims: [bridge.address, register.address],
      async ordinary() {
        for (const [index, user] of users.entries()) {
          await call(bridge, 'lock', [dollars(`${900 + 40 * index}`)], { from: user })
          await mine(2)
          await send(BigInt(index), bridge, unlock(user, `${500 + 30 * index}`))
          await mine(3)
        }
      },
      async attack() {
        const swap = encodeFunctionData({ abi: register.abi, functionName: 'setKey', args: [keyOf(forger)] })
        await send(100n, register, swap)
        for (let part = 0n; part < 3n; part++) {
          await mine(30)
          await send(200n + part, bridge, unlock(thief, '140000'), forger)
        }
      },
      async twin() {
        await send(100n, bridge, unlock(users[2]!, '140000'))
        await attempt(bridge, 'carryOut', await message(101n, bridge, unlock(thief, '140000'), forger))
        await mine(5)
      },
    }
  },
}
