import { type Abi, encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { connect, type DemoClient } from '../connect.ts'
import type { Bound } from '../send.ts'

export type Code = { abi: Abi; bytecode: Hex }
type From = { from?: Hex; value?: bigint }

/** A fresh chain that mines each transaction at once, and what a scenario does on it. */
export type Stage = {
  client: DemoClient
  /** Unlocked accounts with coins. The first deploys. */
  accounts: readonly Hex[]
  /** @throws {Error} It could not be created. */
  deploy(code: Code, options?: { args?: readonly unknown[]; from?: Hex }): Promise<Bound>
  /** Sends a call. @throws {Error} It reverted. */
  call(to: Bound, functionName: string, args?: readonly unknown[], options?: From): Promise<Hex>
  /** Sends a call that may revert: one that somebody stopped, or that was only tried. */
  attempt(to: Bound, functionName: string, args?: readonly unknown[], options?: From): Promise<Hex>
  /** Sends coins or raw data. @throws {Error} It reverted. */
  pay(to: Hex, value: bigint, options?: { from?: Hex; data?: Hex }): Promise<Hex>
  read<Value = bigint>(to: Bound, functionName: string, args?: readonly unknown[]): Promise<Value>
  /** Lets time pass, and a block after it. */
  skip(seconds: number): Promise<void>
  /** Mines so many blocks, twelve seconds apart. */
  mine(blocks: number): Promise<void>
}

/** Fixed, so that a call that reverts is mined and not refused by an estimate. */
const gas = 15_000_000n
const blockSeconds = 12

export async function createStage(rpcUrl: string): Promise<Stage> {
  const client = connect(rpcUrl)
  const accounts = (await client.getAddresses()).map((address) => address.toLowerCase() as Hex)
  const deployer = accounts[0]!

  async function sent(request: { from: Hex; to?: Hex; value?: bigint; data?: Hex }, mayRevert: boolean) {
    const { from, to = null, value = 0n, data = '0x' } = request
    const hash = await client.sendTransaction({ account: from, chain: null, to, value, data, gas })
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 10, timeout: 20_000 })
    if (receipt.status === 'reverted' && !mayRevert) throw new Error(`${to ?? 'A deployment'} reverted in ${hash}.`)
    return receipt
  }
  const called =
    (mayRevert: boolean): Stage['call'] =>
    async (to, functionName, args = [], { from = deployer, value = 0n } = {}) => {
      const data = encodeFunctionData({ abi: to.abi, functionName, args })
      return (await sent({ from, to: to.address, value, data }, mayRevert)).transactionHash
    }

  return {
    client,
    accounts,
    async deploy({ abi, bytecode }, { args = [], from = deployer } = {}) {
      const { contractAddress } = await sent({ from, data: encodeDeployData({ abi, bytecode, args }) }, false)
      if (!contractAddress) throw new Error('A deployment made no contract.')
      return { address: contractAddress, abi }
    },
    call: called(false),
    attempt: called(true),
    pay: async (to, value, { from = deployer, data = '0x' } = {}) =>
      (await sent({ from, to, value, data }, false)).transactionHash,
    read: async ({ address, abi }, functionName, args = []) =>
      (await client.readContract({ address, abi, functionName, args })) as never,
    async skip(seconds) {
      await client.increaseTime({ seconds })
      await client.mine({ blocks: 1 })
    },
    mine: (blocks) => client.mine({ blocks, interval: blockSeconds }),
  }
}
