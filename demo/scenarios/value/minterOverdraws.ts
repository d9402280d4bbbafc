import { keccak256, parseUnits, stringToHex } from 'viem'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const tokens = (amount: string) => parseUnits(amount, 18)
const week = 7 * 86_400

export const minterOverdraws: Scenario = {
  name: 'minter-overdraws',
  theme: 'value',
  attack:
    'With the key of the minter, who makes a little every week, a thief makes an eleventh of the supply within a quarter of an hour, in parts that each are small.',
  twin: 'The minter makes the weekly amount, and a holder sells much.',

  async build({ deploy, call, accounts, mine, skip }) {
    const [, minter, ana, ben] = accounts
    const thief = accounts[20]!
    const token = await deploy(readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json'), {
      args: ['Acme', 'ACME'],
    })
    await call(token, 'grantRole', [keccak256(stringToHex('MINTER_ROLE')), minter])
    await call(token, 'mint', [ana, tokens('10000000')])
    const emit = async (amount: string) => {
      await call(token, 'mint', [ben, tokens(amount)], { from: minter! })
      await mine(2)
      await skip(week)
    }
    return {
      protect: [token.address],
      victims: [token.address],
      async ordinary() {
        for (const amount of ['20000', '20500', '19500', '20000', '21000']) {
          await call(token, 'transfer', [ben, tokens('300')], { from: ana! })
          await emit(amount)
        }
      },
      async attack() {
        for (let part = 0; part < 9; part++) {
          await call(token, 'mint', [thief, tokens('100000')], { from: minter! })
          await mine(8)
        }
      },
      async twin() {
        await emit('21500')
        await call(token, 'transfer', [ben, tokens('90000')], { from: ana! })
        await emit('19800')
      },
    }
  },
}
