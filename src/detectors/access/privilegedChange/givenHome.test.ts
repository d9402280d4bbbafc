import { expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { privilegedChange } from '../privilegedChange.ts'

const [vault, owner, keeper, thief] = [0x1111, 0x2222, 0x3333, 0x4444].map(account) as [
  Address,
  Address,
  Address,
  Address,
]
const question = `call ${vault} 0x8da5cb5b`
const transferred = (newOwner: Address): SomeLog =>
  event('event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)', vault, {
    previousOwner: owner,
    newOwner,
  })

/** The owner hands on what is his, and the state shows `shown`. */
function hands(to: Address, known: Partial<Contract>, shown = to) {
  const world = new World().set(`code ${vault}`, '0x6001').set(question, word(owner)).settle()
  const names = [contract('keeper', keeper, known)]
  const watch = scene(privilegedChange, [contract('vault', vault)], { world, names })
  watch.see()
  world.set(question, word(shown))
  return watch.see({ transactions: [tx({ from: owner, to: vault, logs: [transferred(to)] })] }).claims
}
const severities = (claims: ReturnType<typeof hands>) => claims.map(({ severity }) => severity ?? 'high')

test.each(['timelock', 'safe'])(
  'ownership handed to a %s that the config protects is told of, and pages nobody',
  (kind) => {
    const claims = hands(keeper, { kind })
    expect(severities(claims)).toEqual(['medium'])
    expect(claims[0]?.facts.milder).toBe('it was given to a timelock or Safe of the config')
  },
)

test('anywhere else it pages: to a stranger, to one merely known, to another kind, and where the state shows somebody else', () => {
  expect(severities(hands(thief, { kind: 'timelock' }))).toEqual(['high'])
  expect(severities(hands(keeper, { kind: 'timelock', role: 'dependency' }))).toEqual(['high'])
  expect(severities(hands(keeper, { kind: 'erc20' }))).toEqual(['high'])
  expect(severities(hands(keeper, { kind: 'timelock' }, thief))).toContain('high')
})
