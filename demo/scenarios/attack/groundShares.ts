import { readArtifact } from '../../artifact.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const units = 100_000n

export const groundShares: Scenario = {
  name: 'ground-shares',
  theme: 'attack',
  attack:
    'A contract redeems the smallest share of a pool hundreds of times in one transaction, and rounding pays each a whole unit.',
  twin: 'A customer’s contract redeems in eight parts of one transaction.',

  async build({ deploy, call, accounts, mine }) {
    const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json')
    const asset = await deploy(preset, { args: ['Coarse Dollar', 'CUSD'] })
    const mill = await deploy(readArtifact('ShareMill'), { args: [asset.address] })
    const [ana, ben] = accounts.slice(2, 4)
    const grinder = async (from: `0x${string}`, assets: bigint) => {
      const contract = await deploy(readArtifact('MillGrinder'), { args: [mill.address], from })
      await call(asset, 'mint', [from, assets])
      await call(asset, 'approve', [contract.address, assets], { from })
      await call(contract, 'enter', [assets], { from })
      return contract
    }
    return {
      protect: [mill.address],
      victims: [mill.address],
      async ordinary() {
        for (const from of [ana!, ben!]) {
          await call(asset, 'mint', [from, units])
          await call(asset, 'approve', [mill.address, units], { from })
          await call(mill, 'deposit', [units / 2n], { from })
        }
        await call(mill, 'redeem', [10n ** 12n * 2_000n], { from: ana! })
      },
      async attack() {
        const thief = accounts[20]!
        const contract = await grinder(thief, 100n)
        await mine(5)
        for (let round = 0; round < 4; round++) await call(contract, 'grind', [1n, 250n], { from: thief })
      },
      async twin() {
        const customer = accounts[11]!
        const contract = await grinder(customer, 4_000n)
        await mine(5)
        await call(contract, 'grind', [10n ** 12n * 500n, 8n], { from: customer })
      },
    }
  },
}
