import { concat, encodeAbiParameters, type Hex, keccak256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

type Share = readonly [account: Hex, amount: bigint]

const leafOf = ([account, amount]: Share): Hex =>
  keccak256(keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, amount])))
/** The root of a list of two. */
const rootOf = (list: readonly [Share, Share]): Hex => keccak256(concat(list.map(leafOf).toSorted()))

export const swappedRoot: Scenario = {
  name: 'swapped-root',
  theme: 'governance',
  attack:
    'With the key of the owner a thief replaces the root of the list of who is owed what, without an event, and claims by a list of his own.',
  twin: 'The publisher replaces the root, as every week, and people claim.',

  async build({ deploy, call, skip, accounts }) {
    const [deployer, owner, publisher, ana, ben] = accounts as [Hex, Hex, Hex, Hex, Hex]
    const [thief, mule] = [accounts[20]!, accounts[21]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const payer = await deploy(readArtifact('RootDistributor'), { args: [dollar.address, owner, publisher] })
    await call(dollar, 'mint', [payer.address, dollars('2000000')])
    const publish = (list: readonly [Share, Share], from: Hex) => call(payer, 'setMerkleRoot', [rootOf(list)], { from })
    const claim = ([own, other]: readonly [Share, Share]) =>
      call(payer, 'claim', [own[1], [leafOf(other)]], { from: own[0] })
    const week = async (number: number) => {
      const list = [
        [ana, dollars(`${3_000 + number}`)],
        [ben, dollars(`${1_200 + number}`)],
      ] as const
      await publish(list, publisher)
      await skip(100_000)
      await claim(list)
      await skip(200_000)
      await claim([list[1], list[0]])
      await skip(300_000)
    }
    await publish(
      [
        [ana, 1n],
        [ben, 1n],
      ],
      publisher,
    )
    return {
      protect: [payer.address],
      victims: [payer.address],
      async ordinary() {
        for (let number = 1; number <= 4; number++) await week(number)
      },
      async attack() {
        const list = [
          [thief, dollars('90000')],
          [mule, dollars('80000')],
        ] as const
        await publish(list, owner)
        await skip(3_600)
        await claim(list)
        await skip(7_200)
        await claim([list[1], list[0]])
      },
      twin: () => week(5),
    }
  },
}
