import { keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { keySettings } from '../keySettings.ts'

const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
const [plan, chief, payee, thief, safe] = [1, 2, 3, 4, 5].map(somebody) as [Address, Address, Address, Address, Address]
const value: Hex = '0xae90b213'
const nobody: Address = '0x1d9c47be5a20f3861c7e94d05bf26a8370e15c4b'
const look = call('function balanceOf(address who)', [thief])

/** The payee of a plan becomes another one in a block with these transactions. Whoever may look, may. */
function exchanged(transactions: Parameters<typeof tx>[0][]) {
  const world = new World().set(`call ${plan} ${value}`, word(payee))
  const watch = scene(keySettings, [contract('plan', plan)], { options: { values: [value] }, world })
  world.set(`call ${plan} ${look} from ${nobody}`, word(0)).settle()
  watch.see({ transactions: [tx({ from: chief, to: plan, input: '0x12345678' })] })
  world.set(`call ${plan} ${value}`, word(thief))
  return watch.see({ transactions: transactions.map(tx) }).claims.map(({ severity }) => severity)
}

const set = call('function setPayee(address next)', [thief])
const byKey = { from: chief, to: plan, input: set }
const bySafe = { from: chief, to: safe, input: set }
const byItself = { from: thief, to: plan, input: look }
const elsewhere = { from: thief, to: somebody(9), input: look }

test('a stolen key that sets a payee pages, whoever names him by other calls in the same block', () => {
  expect(exchanged([byKey, byItself])).toEqual([undefined])
  expect(exchanged([byItself, byKey, byItself])).toEqual([undefined])
  expect(exchanged([bySafe, elsewhere])).toEqual([undefined])
})

test('who named himself by the only call there was is no reason to wake anybody', () => {
  expect(exchanged([{ from: thief, to: plan, input: set }])).toEqual(['medium'])
})
