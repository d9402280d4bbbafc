import { expect, test } from 'vitest'
import { readSafeArtifact } from '../../../../demo/readSafeArtifact.ts'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { privilegedChange } from '../privilegedChange.ts'

const [safe, handler] = [account(0x50), account(0x51)]
const published: Address = '0xfd0732dc9e303f09fcef3a7388ad10a83459ec99'
const { deployedBytecode } = readSafeArtifact('CompatibilityFallbackHandler')
const signed = event('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)', safe, {
  ...{ txHash: word(1), payment: 0n },
})
const byModule = event('event ExecutionFromModuleSuccess(address indexed module)', safe, { module: account(0x52) })

/** How grave it is that a Safe got a handler. */
function changed(to: Address, { code = '0x6001' as Hex, beside = [signed] as SomeLog[], isNew = false } = {}) {
  const world = new World()
  if (!isNew) world.set(`code ${to}`, code)
  world.settle().set(`code ${to}`, code)
  const watch = scene(privilegedChange, [contract('safe', safe, { kind: 'safe' })], { world })
  if (!isNew) watch.see()
  const log = event('event ChangedFallbackHandler(address indexed handler)', safe, { handler: to })
  const { claims } = watch.see({ transactions: [tx({ to: safe, logs: [log, ...beside] })] })
  return claims.map(({ severity }) => severity ?? 'high')
}

test('a fallback handler that Safe publishes and the owners signed for pages nobody', () => {
  expect(changed(published)).toEqual(['medium'])
  expect(changed(handler, { code: deployedBytecode })).toEqual(['medium'])
})

test('it does where it is a stranger’s, came in the same block, or nobody signed for it', () => {
  expect(changed(handler)).toEqual(['high'])
  expect(changed(handler, { code: deployedBytecode, isNew: true })).toEqual(['high'])
  expect(changed(published, { beside: [] })).toEqual(['high'])
  expect(changed(published, { beside: [signed, byModule] })).toEqual(['high'])
})
