import { concat, keccak256, pad, toHex } from 'viem/utils'
import { typedFunction } from '../../../evm/abi/typedFunction.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Hex } from '../../../model/chain.ts'

/** What the owners of a Safe sign, without its nonce. */
export type SafeTransaction = {
  to: Address
  /** In wei. */
  value: bigint
  data: Hex
  /** 0 call, 1 delegatecall. */
  operation: bigint
  safeTxGas: bigint
  baseGas: bigint
  gasPrice: bigint
  gasToken: Address
  refundReceiver: Address
}

const execTransaction = typedFunction(
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
)
export const execSelector = execTransaction.selector

/** The beginning of what execTransaction is handed and SafeL2 tells. */
type Values = readonly [Address, bigint, Hex, bigint, bigint, bigint, bigint, Address, Address, ...unknown[]]

/** Null: it is no call of execTransaction that could be read. */
export function readExecTransaction(input: Hex): SafeTransaction | null {
  try {
    return safeTransactionOf(execTransaction.decode(input))
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return null
  }
}

export function safeTransactionOf(values: Values): SafeTransaction {
  const [to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver] = values
  return { to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver }
}

const typeHash = (type: string) => keccak256(toHex(type))
const safeTxType = typeHash(
  'SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)',
)
/** Since Safe 1.3.0. */
const domainType = typeHash('EIP712Domain(uint256 chainId,address verifyingContract)')
/** Before. */
const oldDomainType = typeHash('EIP712Domain(address verifyingContract)')

const word = (value: bigint | Hex): Hex => (typeof value === 'bigint' ? toHex(value, { size: 32 }) : pad(value))

/**
 * The EIP-712 hashes that owners sign for this transaction, for one nonce: of a Safe since 1.3.0, and of one before. The
 * long part is hashed once, so that many nonces cost little.
 */
export function safeTxHasher(
  transaction: SafeTransaction,
): (of: { safe: Address; chainId: number; nonce: bigint }) => Hex[] {
  const { to, value, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver } = transaction
  const head = [safeTxType, word(to), word(value), keccak256(transaction.data), word(operation)]
  const tail = [word(safeTxGas), word(baseGas), word(gasPrice), word(gasToken), word(refundReceiver)]
  return ({ safe, chainId, nonce }) => {
    const struct = keccak256(concat([...head, ...tail, word(nonce)]))
    return [
      [domainType, word(BigInt(chainId)), word(safe)],
      [oldDomainType, word(safe)],
    ].map((domain) => keccak256(concat(['0x1901', keccak256(concat(domain)), struct])))
  }
}
