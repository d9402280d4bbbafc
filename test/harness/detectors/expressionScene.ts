import { parseAbi } from 'viem'
import { expression } from '../../../src/detectors/rules/expression.ts'
import type { Address } from '../../../src/model/chain.ts'
import { account, event } from '../node/block.ts'
import { contract, scene, World } from '../scene.ts'

export const [vaultAddress, treasuryAddress, thief, other] = [1, 2, 3, 4].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
]
const withdrawSignature =
  'event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)'
export const vault = contract('vault', vaultAddress, {
  abi: parseAbi([
    withdrawSignature,
    'event Named(string name, uint256[] values)',
    'function rescue(address to, uint256 amount)',
    'function totalAssets() view returns (uint256)',
    'function limitOf(address account) view returns (uint256)',
  ]),
})
const treasury = contract('treasury', treasuryAddress)

export const watchFor = (when: string, options: object = {}, world = new World()) =>
  scene(expression, [vault], { when, options, names: [treasury], world })
export const withdraw = (assets: bigint, receiver = thief, address = vaultAddress) =>
  event(withdrawSignature, address, { sender: thief, receiver, owner: thief, assets, shares: 1n })
