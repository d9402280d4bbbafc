import { keccak256, toHex } from 'viem'
import { keySettings } from '../../../src/detectors/access/keySettings.ts'
import type { Address, Hex } from '../../../src/model/chain.ts'
import { call, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

export const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
export const [plan, chief, payee, thief, timelock, safe, relayer] = [1, 2, 3, 4, 5, 6, 7].map(somebody) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
export const nobody: Address = '0x1d9c47be5a20f3861c7e94d05bf26a8370e15c4b'
export const [value, list]: [Hex, Hex] = ['0xae90b213', '0xbb0b6a53']
export const setPayee = 'function setPayee(address next)'
const setRoot = 'function setRoot(bytes32 root)'
export const setPeer = 'function setPeer(uint32 chain, bytes32 peer)'
export const rootOf = (n: number): Hex => keccak256(toHex(n))

export function planScene({ restless = false, lists = false }: { restless?: boolean; lists?: boolean } = {}) {
  const world = new World()
  const options = {
    ...(lists ? { lists: [list] } : { values: [value.toUpperCase().replace('X', 'x')] }),
    ...(restless && { restless: [value] }),
  }
  const names = [contract('timelock', timelock, { role: 'dependency', kind: 'timelock' })]
  const watch = scene(keySettings, [contract('plan', plan)], { options, names, world })
  const stands = (now: Hex) => world.set(`call ${plan} ${value}`, word(now))
  stands(payee)
  world.settle()
  let time = 1_700_000_000
  return {
    ...{ world, watch, stands },
    /** A transaction after which another value stands there. */
    set(now: Hex, rest: Partial<Parameters<typeof tx>[0]> = {}, later = 12) {
      world.settle()
      stands(now)
      time += later
      return watch.see({
        timestamp: time,
        transactions: [tx({ from: chief, to: plan, input: rest.input ?? call(setPayee, [now]), ...rest })],
      })
    },
    publish(now: Hex, from = chief) {
      world.settle()
      stands(now)
      return watch.see({ transactions: [tx({ from, to: plan, input: call(setRoot, [now]) })] })
    },
    peer(now: Hex, was: Hex, rest: Partial<Parameters<typeof tx>[0]> = {}) {
      const question = `call ${plan} ${list}${word(30_110).slice(2)}`
      world.set(question, word(was)).settle().set(question, word(now))
      return watch.see({
        transactions: [tx({ from: chief, to: plan, input: call(setPeer, [30_110, word(now)]), ...rest })],
      })
    },
  }
}

export const grave = ({ claims }: ReturnType<ReturnType<typeof planScene>['set']>) =>
  claims.filter(({ severity }) => severity === undefined)
