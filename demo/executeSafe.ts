import { concat, type Hex, zeroAddress } from 'viem'
import type { DemoClient } from './connect.ts'
import { safeTypes } from './safeTypes.ts'
import { type Bound, readAmount, send } from './send.ts'

/** `operation`: 0 calls, 1 runs the code of `to` as the Safe itself. */
export type SafeTransfer = { to: Hex; value?: bigint; data?: Hex; operation?: 0 | 1 }

/** Has the signers' accounts sign what the Safe shall do, and lets `from` carry it to the chain. */
export async function executeSafe(
  client: DemoClient,
  safe: Bound,
  transfer: SafeTransfer,
  { signers, from }: { signers: readonly Hex[]; from: Hex },
): Promise<Hex> {
  return send(client, safe, 'execTransaction', await signSafe(client, safe, transfer, signers), { from })
}

/** The arguments of execTransaction, which anybody may carry to the chain. */
export async function signSafe(
  client: DemoClient,
  safe: Bound,
  { to, value = 0n, data = '0x', operation = 0 }: SafeTransfer,
  signers: readonly Hex[],
): Promise<readonly unknown[]> {
  const message = {
    to,
    value,
    data,
    operation,
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: zeroAddress,
    refundReceiver: zeroAddress,
    nonce: await readAmount(client, safe, 'nonce'),
  } as const
  const domain = { chainId: await client.getChainId(), verifyingContract: safe.address }
  // The Safe wants the signatures in the order of their owners' addresses.
  const ordered = signers.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  const signatures = await Promise.all(
    ordered.map((account) =>
      client.signTypedData({ account, domain, types: safeTypes, primaryType: 'SafeTx', message }),
    ),
  )
  const { safeTxGas, baseGas, gasPrice, gasToken, refundReceiver } = message
  return [to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, concat(signatures)]
}
