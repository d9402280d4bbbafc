import { concatHex, toRlp } from 'viem'
import type { Hex } from '../../../src/model/chain.ts'
import { quantity } from './receiptsRoot.ts'
import type { RpcTransaction } from './rpcTypes.ts'

/** What makes a transaction one of EIP-1559, signed by nobody: its hash covers the signature, and does not ask whose. */
export const signatureOf = ({ gasPrice }: Pick<RpcTransaction, 'gasPrice'>) => ({
  chainId: '0x1' as Hex,
  maxPriorityFeePerGas: gasPrice,
  maxFeePerGas: gasPrice,
  accessList: [],
  yParity: '0x1' as Hex,
  r: '0x2' as Hex,
  s: '0x3' as Hex,
})

/** The bytes of such a transaction: their hash is its own, and the root over those of a block stands in its header. */
export function signedBytes({ nonce, gasPrice = '0x0', gas, to, value, input }: RpcTransaction): Hex {
  const fees = [quantity(gasPrice), quantity(gasPrice)]
  const call = [quantity(gas), to ?? '0x', quantity(value), input]
  return concatHex(['0x02', toRlp(['0x01', quantity(nonce), ...fees, ...call, [], '0x01', '0x02', '0x03'])])
}
