import { setTimeout as sleep } from 'node:timers/promises'
import { encodeDeployData, type Hex } from 'viem'
import { readArtifact } from '../artifact.ts'
import type { DemoClient } from '../connect.ts'
import type { Protocol } from '../protocol.ts'
import { type Bound, mined, submit } from '../send.ts'

export type AttackWorld = {
  client: DemoClient
  protocol: Protocol
  /** Between the steps of an attack: the time in which somebody may notice and act. */
  pauseMs?: number
}

export type Attack = {
  /** Kebab case, as in `tocsin demo attack NAME`. */
  name: string
  title: string
  /** Two sentences: how the thief gets in, and what it costs. */
  story: string
  /**
   * Takes what it can and gives up where it is stopped. Every attack takes a share of what is there, so it can be
   * repeated, and leaves the protocol in a state in which ordinary use goes on.
   *
   * @returns What was sent, in order, reverted ones included.
   */
  run(world: AttackWorld): Promise<{ transactions: Hex[] }>
}

/** The steps of one attack, one after the other. */
export function startAttack({ client, pauseMs = 4_000 }: AttackWorld) {
  const transactions: Hex[] = []
  return {
    transactions,
    /** Waits for a transaction and notes it. False: it reverted, so somebody has stopped the attack. */
    async step(sent: Promise<Hex>): Promise<boolean> {
      const hash = await sent
      transactions.push(hash)
      return (await mined(client, hash)).status === 'success'
    },
    async create(contractName: string, from: Hex, args: readonly unknown[] = []): Promise<Bound> {
      const { abi, bytecode } = readArtifact(contractName)
      const hash = await submit(client, { from, data: encodeDeployData({ abi, bytecode, args }) })
      transactions.push(hash)
      const { contractAddress } = await mined(client, hash)
      if (!contractAddress) throw new Error(`The attacker could not deploy ${contractName}.`)
      return { address: contractAddress, abi }
    },
    pause: () => sleep(pauseMs),
  }
}
