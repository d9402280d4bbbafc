import { encodePacked, type Hex, keccak256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

/** One place on the list, the proof of it, and the root that it leads to. */
function placeOf(index: number, account: Hex, amount: bigint) {
  const place = [BigInt(index), account, amount] as const
  const proof = ['left', 'right'].map((side) => keccak256(encodePacked(['string', 'uint256'], [side, BigInt(index)])))
  const leaf = keccak256(encodePacked(['uint256', 'address', 'uint256'], place))
  const root = proof.reduce((node, next) => keccak256(encodePacked(['bytes32', 'bytes32'], [node, next as Hex])), leaf)
  return { root, args: [...place, proof] }
}

export const listedTwice: Scenario = {
  name: 'listed-and-paid-again',
  theme: 'value',
  attack: 'A list of what is handed out crosses nothing off: who is on it claims his part again, twice an hour.',
  twin: 'Somebody who is on the list seven times for the same sum claims each of them.',

  async build({ deploy, call, accounts, mine, skip }) {
    const [deployer] = accounts
    const [customer, thief] = [accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 7)
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const list = await deploy(readArtifact('ClaimList'), { args: [dollar.address] })
    await call(dollar, 'mint', [list.address, dollars('1000000')])
    const small = users.map((user, index) => placeOf(index, user, dollars(`${1_000 + 370 * index}`)))
    const equal = [11, 12, 13, 14, 15, 16, 17].map((index) => placeOf(index, customer, dollars('8000')))
    const own = placeOf(10, thief, dollars('8000'))
    for (const { root } of [...small, ...equal, own]) await call(list, 'publish', [root])
    return {
      protect: [list.address],
      victims: [list.address],
      async ordinary() {
        for (const [index, { args }] of small.entries()) {
          await call(list, 'claim', args, { from: users[index]! })
          await mine(3)
        }
      },
      async attack() {
        for (let times = 0; times < 7; times++) {
          await call(list, 'claim', own.args, { from: thief })
          await skip(1_800)
        }
      },
      async twin() {
        for (const { args } of equal) {
          await call(list, 'claim', args, { from: customer })
          await skip(1_800)
        }
      },
    }
  },
}
