import type { Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

export const cardsOfOthers: Scenario = {
  name: 'cards-of-others',
  theme: 'value',
  attack:
    'A box of ERC-1155 items looks only at the first kind of a list: a thief brings one card, and fetches it with a tenth of all others, again and again.',
  twin: 'The owner of a third of every kind fetches all of it at once.',

  async build({ deploy, call, accounts, mine }) {
    const [users, customer, thief] = [accounts.slice(2, 8), accounts[12]!, accounts[20]!]
    const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC1155PresetMinterPauser.json')
    const cards = await deploy(preset, { args: ['https://cards.example/'] })
    const box = await deploy(readArtifact('CardBox'), { args: [cards.address] })
    const kinds = [1n, 2n, 3n, 4n, 5n, 6n]
    const minted = async (to: Hex, count: bigint) => {
      await call(cards, 'mintBatch', [to, kinds, kinds.map(() => count), '0x'])
      await call(cards, 'setApprovalForAll', [box.address, true], { from: to })
    }
    const bring = (from: Hex, ids: bigint[], counts: bigint[]) => call(box, 'bring', [ids, counts], { from })
    const fetch = (from: Hex, ids: bigint[], counts: bigint[]) => call(box, 'fetch', [ids, counts], { from })
    for (const user of users) {
      await minted(user, 20n)
      await bring(
        user,
        kinds,
        kinds.map(() => 15n),
      )
    }
    await minted(customer, 40n)
    await bring(
      customer,
      kinds,
      kinds.map(() => 40n),
    )
    await minted(thief, 1n)
    return {
      protect: [box.address],
      victims: [box.address],
      async ordinary() {
        for (const user of users) {
          await bring(user, [1n, 3n], [2n, 3n])
          await mine(3)
          await fetch(user, [1n, 3n], [1n, 2n])
        }
      },
      async attack() {
        for (let times = 0; times < 4; times++) {
          await bring(thief, [1n], [1n])
          await fetch(thief, kinds, [1n, 12n, 12n, 12n, 12n, 12n])
          await mine(20)
        }
      },
      async twin() {
        await fetch(
          customer,
          kinds,
          kinds.map(() => 40n),
        )
      },
    }
  },
}
