import { largeTransfer } from '../../../src/detectors/value/largeTransfer.ts'
import type { Address } from '../../../src/model/chain.ts'
import type { Contract } from '../../../src/model/contract.ts'
import { account } from '../node/block.ts'
import { transferLog } from '../node/transferLog.ts'
import { contract, scene, World } from '../scene.ts'

export const [treasury, thief, friend, usdc, fake, nft, multi] = [1, 2, 3, 4, 5, 6, 7].map((n) =>
  account(n * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address]
export const million = 1_000_000_000_000n
export const safe = contract('treasury', treasury, { kind: 'safe' })
export const dollar = contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })

export const moved = (token: Address, from: Address, to: Address, value: bigint) =>
  transferLog(token, { from, to, value })

export function treasuryScene(
  options: object,
  { on = [safe], names = [dollar] }: { on?: Contract[]; names?: Contract[] } = {},
) {
  const world = new World()
    .token(usdc, 'USDC', 6)
    .holds(usdc, treasury, 10n * million)
    .settle()
  return { world, watch: scene(largeTransfer, on, { options, names, world }) }
}
