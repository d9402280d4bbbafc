import { readArtifact } from '../../artifact.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

export const itemsOfOthers: Scenario = {
  name: 'items-of-others',
  theme: 'value',
  attack: 'A stable of items looks only whose the first of a list is: a thief brings one and fetches those of others.',
  twin: 'The owner of a third of all items fetches them.',

  async build({ deploy, call, accounts, mine }) {
    const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC721PresetMinterPauserAutoId.json')
    const items = await deploy(preset, { args: ['Apes', 'APES', 'https://apes.example/'] })
    const stable = await deploy(readArtifact('ItemStable'), { args: [items.address] })
    const [users, customer, thief] = [accounts.slice(2, 7), accounts[12]!, accounts[20]!]
    let next = 0n
    const minted = async (to: `0x${string}`, count: number) => {
      const ids = Array.from({ length: count }, () => next++)
      for (const _ of ids) await call(items, 'mint', [to])
      await call(items, 'setApprovalForAll', [stable.address, true], { from: to })
      return ids
    }
    const kept: bigint[] = []
    const spare = new Map<`0x${string}`, bigint>()
    for (const from of users) {
      const ids = await minted(from, 5)
      await call(stable, 'bring', [ids.slice(1)], { from })
      kept.push(...ids.slice(1))
      spare.set(from, ids[0]!)
    }
    const large = await minted(customer, 10)
    await call(stable, 'bring', [large], { from: customer })
    return {
      protect: [stable.address],
      victims: [stable.address],
      async ordinary() {
        for (const [from, id] of spare) {
          await call(stable, 'bring', [[id]], { from })
          await mine(3)
          await call(stable, 'fetch', [[id]], { from })
        }
      },
      async attack() {
        const [own] = await minted(thief, 1)
        for (const part of [kept.slice(0, 9), kept.slice(9, 18)]) {
          await call(stable, 'bring', [[own]], { from: thief })
          await call(stable, 'fetch', [[own, ...part]], { from: thief })
          await mine(20)
        }
      },
      async twin() {
        await call(stable, 'fetch', [large], { from: customer })
      },
    }
  },
}
