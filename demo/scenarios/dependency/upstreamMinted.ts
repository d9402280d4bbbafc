import { keccak256, maxUint256, stringToHex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

export const upstreamMinted: Scenario = {
  name: 'upstream-minted',
  theme: 'dependency',
  attack:
    'With the key of a bridge a thief makes forty times as much of its dollar as there was, and changes it part by part for the real one in the exchange that is watched.',
  twin: 'The bridge makes a tenth more at once, for somebody who changes it, and another changes back.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, bridge, thief] = [accounts[0]!, accounts[1]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const real = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json')
    const bridged = await deploy(preset, { args: ['Bridged Dollar', 'brUSD'] })
    await call(bridged, 'grantRole', [keccak256(stringToHex('MINTER_ROLE')), bridge])
    const exchange = await deploy(readArtifact('FixedExchange'), { args: [bridged.address, real.address] })
    await call(real, 'mint', [exchange.address, dollars('1000000')])
    await call(bridged, 'mint', [exchange.address, dollars('1000000')])
    for (const user of [...users, thief]) {
      await call(bridged, 'mint', [user, dollars('100000')])
      await call(real, 'mint', [user, dollars('100000')])
      for (const token of [bridged, real]) await call(token, 'approve', [exchange.address, maxUint256], { from: user })
    }
    return {
      protect: [exchange.address],
      victims: [exchange.address, bridged.address],
      async ordinary() {
        for (const from of users) {
          await call(bridged, 'mint', [from, dollars('1500')], { from: bridge })
          await call(exchange, 'change', [dollars('900'), from], { from })
          await mine(3)
        }
      },
      async attack() {
        await call(bridged, 'mint', [thief, dollars('68000000')], { from: bridge })
        await mine(3)
        for (let times = 0; times < 4; times++) {
          await call(exchange, 'change', [dollars('60000'), thief], { from: thief })
          await mine(20)
        }
      },
      async twin() {
        await call(bridged, 'mint', [users[0], dollars('170000')], { from: bridge })
        await call(exchange, 'change', [dollars('150000'), users[0]], { from: users[0]! })
        await call(exchange, 'changeBack', [dollars('90000'), users[1]], { from: users[1]! })
      },
    }
  },
}
