import { moduleQueue } from '../../../src/detectors/governance/moduleQueue.ts'
import type { Address, Hex } from '../../../src/model/chain.ts'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

export const [delay, governor, safe, usdc, thief, ana, roles, library] = Array.from({ length: 8 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address]
export const day = 86_400
export const start = 1_704_067_200
const ask = { txNonce: '0x45f6bd5b', queueNonce: '0x7d8356c6', txCooldown: '0x98951b56' }

/** A Safe of 10000 dollars with a Delay of a day, an Optimistic Governor and Roles. */
export function queueScene(options: object = {}) {
  const world = new World().holds(usdc, safe, 10_000n)
  for (const each of [delay, governor, safe, usdc, roles]) world.set(`code ${each}`, '0x6001')
  const state = { txNonce: 0n, queueNonce: 0n, txCooldown: BigInt(day) }
  const set = (next: Partial<typeof state>) => {
    Object.assign(state, next)
    for (const name of Object.keys(ask) as (keyof typeof ask)[])
      world.set(`call ${delay} ${selector(name)}`, state[name])
  }
  set({})
  world.set(`call ${governor} ${selector('liveness')}`, BigInt(day)).settle()
  const on = [contract('delay', delay), contract('governor', governor), contract('roles', roles)]
  const names = [contract('safe', safe, { kind: 'safe' }), contract('usdc', usdc, { role: 'dependency' })]
  const watch = scene(moduleQueue, on, { world, names, options })
  const run = (logs: SomeLog[], rest: Partial<SomeTransaction> = {}, timestamp?: number) =>
    watch.see({
      transactions: [tx({ from: ana, to: delay, nonce: 0, logs, ...rest })],
      ...(timestamp !== undefined && { timestamp }),
    })
  return {
    ...{ world, watch, run, set, state },
    queue(what: Order, rest: Partial<SomeTransaction> = {}) {
      const place = state.queueNonce
      set({ queueNonce: place + 1n })
      return run([added(place, what)], rest)
    },
  }
}

export const selector = (name: string) => call(`function ${name}()`)

export type Order = { to: Address; data?: Hex; value?: bigint; operation?: number }
export const pay = (to: Address, amount: bigint): Order => ({
  to: usdc,
  data: call('function transfer(address to, uint256 amount)', [to, amount]),
})
export const added = (queueNonce: bigint, { to, value = 0n, data = '0x', operation = 0 }: Order) =>
  event(
    'event TransactionAdded(uint256 indexed queueNonce, bytes32 indexed txHash, address to, uint256 value, bytes data, uint8 operation)',
    delay,
    { queueNonce, txHash: word(7), to, value, data, operation },
  )
export const grave = ({ claims }: { claims: { severity?: string }[] }) =>
  claims.filter(({ severity }) => severity === 'high' || severity === 'critical')
