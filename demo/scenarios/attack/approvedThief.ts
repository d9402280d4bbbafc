import { type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const tokens = (amount: string) => parseUnits(amount, 18)

export const approvedThief: Scenario = {
  name: 'approved-thief',
  theme: 'attack',
  attack:
    'A changed page makes seven owners of a token allow a stranger to take it, who then takes it from each of them.',
  twin: 'Seven owners allow a contract to take the token, and use it themselves for what it gives.',

  async build({ deploy, call, accounts, skip, mine }) {
    const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json')
    const token = await deploy(preset, { args: ['Acme', 'ACME'] })
    const mill = await deploy(readArtifact('ShareMill'), { args: [token.address] })
    const owners = accounts.slice(2, 9)
    const thief = accounts[20]!
    await call(token, 'mint', [accounts[0], tokens('1000000')])
    for (const owner of owners) await call(token, 'mint', [owner, tokens('1000')])
    const allow = async (spender: Hex) => {
      for (const from of owners) {
        await call(token, 'approve', [spender, maxUint256], { from })
        await skip(1_800)
      }
    }
    return {
      protect: [token.address],
      victims: [token.address],
      async ordinary() {
        for (const from of owners) await call(token, 'transfer', [accounts[0], tokens('3')], { from })
        await mine(5)
      },
      async attack() {
        await allow(thief)
        for (const owner of owners) await call(token, 'transferFrom', [owner, thief, tokens('990')], { from: thief })
      },
      async twin() {
        await allow(mill.address)
        for (const from of owners) await call(mill, 'deposit', [tokens('900')], { from })
      },
    }
  },
}
