import { concat, encodeFunctionData, encodePacked, type Hex, parseEventLogs, parseUnits, size, zeroAddress } from 'viem'
import { readArtifact } from '../artifact.ts'
import { executeSafe, type SafeTransfer } from '../executeSafe.ts'
import { readSafeArtifact } from '../readSafeArtifact.ts'
import { type Bound, succeeded } from '../send.ts'
import type { Stage } from './stage.ts'

export type AcmeSafe = {
  safe: Bound
  asset: Bound
  multiSend: Bound
  singleton: Bound
  signers: readonly Hex[]
  relayer: Hex
  /** Two of the three sign, and the relayer has it executed. */
  execute(transfer: SafeTransfer): Promise<void>
  /** What a token is told to pay. */
  payment(to: Hex, amount: string): { to: Hex; data: Hex }
}

/** A Safe 1.4.1 of two out of three, read from its package, with 2.5 million dollars. */
export async function acmeSafe(stage: Stage): Promise<AcmeSafe> {
  const { deploy, call, client, accounts } = stage
  const [deployer, relayer] = accounts as [Hex, Hex]
  const signers = accounts.slice(2, 5)
  const asset = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
  const singleton = await deploy(readSafeArtifact('Safe'))
  const factory = await deploy(readSafeArtifact('SafeProxyFactory'))
  const handler = await deploy(readSafeArtifact('CompatibilityFallbackHandler'))
  const multiSend = await deploy(readSafeArtifact('MultiSendCallOnly'))
  const setup = encodeFunctionData({
    abi: singleton.abi,
    functionName: 'setup',
    args: [signers, 2n, zeroAddress, '0x', handler.address, zeroAddress, 0n, zeroAddress],
  })
  const hash = await call(factory, 'createProxyWithNonce', [singleton.address, setup, 0n])
  const { logs } = await client.getTransactionReceipt({ hash })
  const [created] = parseEventLogs({ abi: factory.abi, eventName: 'ProxyCreation', logs })
  const { proxy } = (created as unknown as { args: { proxy: Hex } }).args
  const safe = { address: proxy, abi: singleton.abi }
  await call(asset, 'mint', [safe.address, parseUnits('2500000', 6)])
  return {
    ...{ safe, asset, multiSend, singleton, signers, relayer },
    async execute(transfer) {
      await succeeded(
        client,
        await executeSafe(client, safe, transfer, { signers: signers.slice(0, 2), from: relayer }),
      )
    },
    payment: (to, amount) => ({
      to: asset.address,
      data: encodeFunctionData({ abi: asset.abi, functionName: 'transfer', args: [to, parseUnits(amount, 6)] }),
    }),
  }
}

/** Several calls as MultiSend executes them. */
export function batchOf({ multiSend }: AcmeSafe, parts: readonly { to: Hex; data: Hex }[]): SafeTransfer {
  const packed = parts.map(({ to, data }) =>
    encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, to, 0n, BigInt(size(data)), data]),
  )
  const data = encodeFunctionData({ abi: multiSend.abi, functionName: 'multiSend', args: [concat(packed)] })
  return { to: multiSend.address, data, operation: 1 }
}
