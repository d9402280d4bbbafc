import { encodePacked, type Hex, hashTypedData, size, zeroAddress } from 'viem'
import { safeTypes } from '../../../demo/safeTypes.ts'
import { safeExecution } from '../../../src/detectors/safe/safeExecution.ts'
import type { Address } from '../../../src/model/chain.ts'
import { account, call, event, type SomeLog, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

export const [treasury, token, thief, ana, ben, cleo, module, relayer, copy] = Array.from({ length: 9 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address, Address]
export const multiSendCallOnly: Address = '0x9641d764fc13c8b624c04430c7356c1c7c8102e2'
export const slot = {
  owners: word(3),
  threshold: word(4),
  nonce: word(5),
  guard: '0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8',
  fallback: '0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5',
} as const
export const storage = (at: Hex) => `storage ${treasury} ${at}`

type Order = Partial<{ to: Address; value: bigint; data: Hex; operation: number; gasPrice: bigint; refund: Address }>

export function order({
  to = token,
  value = 0n,
  data = '0x',
  operation = 0,
  gasPrice = 0n,
  refund = zeroAddress,
}: Order) {
  const message = { to, value, data, operation, safeTxGas: 0n, baseGas: 0n, gasPrice, gasToken: zeroAddress as Address }
  const input = call(
    'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
    [to, value, data, operation, 0n, 0n, gasPrice, zeroAddress, refund, '0x'],
  )
  /** As the owners' wallets compute it. */
  const hash = (nonce: bigint) =>
    hashTypedData({
      domain: { chainId: 31337, verifyingContract: treasury },
      types: safeTypes,
      primaryType: 'SafeTx',
      message: { ...message, refundReceiver: refund, nonce },
    })
  return { input, hash }
}

/** A Safe with two of three owners, before its first transaction. */
export function safeScene(options: object = {}) {
  const world = new World()
    .set(storage(slot.owners), word(3))
    .set(storage(slot.threshold), word(2))
    .set(storage(slot.nonce), word(7))
    .set(`call ${treasury} 0xe75235b8`, word(2))
    .settle()
  const watch = scene(safeExecution, [contract('treasury', treasury, { kind: 'safe' })], { options, world })
  let nonce = 7n
  return {
    world,
    watch,
    /** One execution, directly or in the calldata of a relayer. */
    run(some: Order, { payment = 0n, failed = false, logs = [] as SomeLog[], from = ana, wrap = false } = {}) {
      const { input, hash } = order(some)
      const ended = event(
        `event Execution${failed ? 'Failure' : 'Success'}(bytes32 indexed txHash, uint256 payment)`,
        treasury,
        { txHash: hash(nonce), payment },
      )
      nonce++
      world.set(storage(slot.nonce), word(nonce))
      const wrapped = wrap ? call('function relay(address safe, bytes data)', [treasury, input]) : input
      return watch.see({
        transactions: [tx({ from, to: wrap ? relayer : treasury, input: wrapped, logs: [...logs, ended] })],
      })
    },
  }
}

export const pay = call('function transfer(address to, uint256 amount)', [ben, 5n])
export const packed = (parts: { operation?: number; to: Address; data?: Hex }[]): Hex =>
  call('function multiSend(bytes transactions)', [
    `0x${parts
      .map(({ operation = 0, to, data = '0x' }) =>
        encodePacked(
          ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
          [operation, to, 0n, BigInt(size(data)), data],
        ).slice(2),
      )
      .join('')}`,
  ])
export const swapOwner = call('function swapOwner(address previous, address old, address owner)', [ana, ben, cleo])
export const told = (name: string, account: Address) =>
  event(`event ${name}(address indexed account)`, treasury, { account })
