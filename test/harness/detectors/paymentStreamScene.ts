import { paymentStream } from '../../../src/detectors/governance/paymentStream.ts'
import type { Address } from '../../../src/model/chain.ts'
import { account, event, type SomeLog, tx } from '../node/block.ts'
import { transferLog } from '../node/transferLog.ts'
import { contract, scene, World } from '../scene.ts'

export const numbered = (n: number): Address => account(n * 0x1111)
export const [dao, usdc, usdcx, sablier, llama, cfa, thief, ana, timelock, clerk, council] = Array.from(
  { length: 11 },
  (_, n) => numbered(n + 1),
) as [...[Address, Address, Address, Address, Address, Address], ...[Address, Address, Address, Address, Address]]
export const dollar = 10n ** 6n
export const coin = 10n ** 18n
export const names = [
  contract('usdc', usdc, { kind: 'erc20', role: 'dependency' }),
  contract('usdcx', usdcx, { kind: 'erc20', role: 'dependency' }),
  contract('timelock', timelock, { kind: 'timelock', role: 'dependency' }),
  contract('council', council, { kind: 'safe', role: 'dependency' }),
]
export const flow =
  'event FlowUpdated(address indexed token, address indexed sender, address indexed receiver, int96 flowRate, int256 totalSenderFlowRate, int256 totalReceiverFlowRate, bytes userData)'
const lockup =
  'event CreateLockupLinearStream(uint256 indexed streamId, (address funder, address sender, address recipient, uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, string shape) commonParams, uint40 cliffTime, (uint128 start, uint128 cliff) unlockAmounts)'
export const created =
  'event StreamCreated(address indexed from, address indexed to, uint216 amountPerSec, bytes32 streamId)'

/** A treasury of 1,000,000 dollars, and as many that flow. */
export function streamScene(options: object = {}) {
  const world = new World()
    .token(usdc, 'USDC', 6)
    .token(usdcx, 'USDCx', 18)
    .holds(usdc, dao, 1_000_000n * dollar)
    .holds(usdcx, dao, 1_000_000n * coin)
    .settle()
  const watch = scene(paymentStream, [contract('dao', dao)], { options, names, world })
  const see = (logs: SomeLog[], rest: Parameters<typeof tx>[0] = {}) =>
    watch.see({ transactions: [tx({ from: clerk, to: dao, logs, ...rest })] })
  return { world, watch, see }
}

/** So many dollars a month of thirty days, to the dollar. */
export const flowing = (dollars: bigint, to = thief, token = usdcx) => {
  const flowRate = (dollars * coin) / (30n * 86_400n) + 1n
  const both = { totalSenderFlowRate: flowRate, totalReceiverFlowRate: flowRate, userData: '0x' }
  return event(flow, cfa, { token, sender: dao, receiver: to, flowRate, ...both })
}
export const locked = (dollars: bigint, { to = thief, funder = dao, sender = dao, cancelable = true } = {}) =>
  event(lockup, sablier, {
    streamId: 7n,
    commonParams: {
      ...{ funder, sender, recipient: to, depositAmount: dollars * dollar, token: usdc, cancelable },
      ...{ transferable: true, timestamps: { start: 1, end: 2_000_000_000 }, shape: '' },
    },
    cliffTime: 0,
    unlockAmounts: { start: 0n, cliff: 0n },
  })
export const paid = (dollars: bigint) => transferLog(usdc, { from: dao, to: sablier, value: dollars * dollar })
