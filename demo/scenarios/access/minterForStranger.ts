import { keccak256, parseUnits, stringToHex } from 'viem'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const tokens = (amount: string) => parseUnits(amount, 18)

export const minterForStranger: Scenario = {
  name: 'minter-for-stranger',
  theme: 'access',
  attack: 'A thief who holds the admin key of a token gives the minter role to a fresh account, and mints later.',
  twin: 'The known minter mints the usual monthly amount, and a holder sells a part.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, minter, ana, ben] = accounts
    const thief = accounts[20]!
    const token = await deploy(readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json'), {
      args: ['Acme', 'ACME'],
    })
    const role = keccak256(stringToHex('MINTER_ROLE'))
    await call(token, 'grantRole', [role, minter])
    await call(token, 'mint', [ana, tokens('1000000')], { from: minter! })
    const use = async () => {
      for (const amount of ['120', '75', '3100']) {
        await call(token, 'transfer', [ben, tokens(amount)], { from: ana! })
        await mine(3)
      }
      await call(token, 'mint', [ana, tokens('2000')], { from: minter! })
    }
    return {
      protect: [token.address],
      victims: [token.address],
      ordinary: use,
      async attack() {
        await call(token, 'grantRole', [role, thief], { from: deployer! })
        await mine(30)
        await call(token, 'mint', [thief, tokens('5000000')], { from: thief })
      },
      async twin() {
        await call(token, 'mint', [ana, tokens('2100')], { from: minter! })
        await call(token, 'transfer', [ben, tokens('9000')], { from: ana! })
      },
    }
  },
}
