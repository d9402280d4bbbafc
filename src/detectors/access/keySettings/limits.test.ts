import { keccak256, maxUint256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { keySettings } from '../keySettings.ts'

const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
const [bridge, chief] = [1, 2].map(somebody) as [Address, Address]
const nobody: Address = '0x1d9c47be5a20f3861c7e94d05bf26a8370e15c4b'
const limits: Hex = '0x9f42ebcf'
const chain = 30_110

function limitOf(was: bigint, now: bigint, { input, isOpen = false }: { input?: Hex; isOpen?: boolean } = {}) {
  const world = new World()
  const watch = scene(keySettings, [contract('bridge', bridge)], { options: { lists: [limits] }, world })
  watch.see({})
  const question = `call ${bridge} ${limits}${word(chain).slice(2)}`
  world.set(question, was).settle().set(question, now)
  const sent = input ?? call('function setLimit(uint32 chain, uint256 amount)', [chain, now])
  if (isOpen) world.set(`call ${bridge} ${sent} from ${nobody}`, 1n).settle()
  return watch.see({ transactions: [tx({ from: chief, to: bridge, input: sent })] }).claims
}

describe('a limit for a chain', () => {
  test.each([
    ['ten times as high', 10_000n],
    ['of no end', maxUint256],
  ])('that a key makes %s pages', (_, now) => {
    const [claim, ...others] = limitOf(1_000n, now)
    expect(others).toEqual([])
    expect(claim?.title).toContain(`how much bridge allows (0x9f42ebcf of ${chain}) to ${now}`.slice(0, 80))
    expect(claim).not.toHaveProperty('severity')
    expect(claim).not.toHaveProperty('actors')
  })

  test.each<[string, bigint, bigint, Parameters<typeof limitOf>[2]]>([
    ['a little less than ten times as high', 1_000n, 9_999n, {}],
    ['that stood nowhere before', 0n, 10_000n, {}],
    ['lower', 10_000n, 10n, {}],
    ['so small that it is no amount', 1n, 255n, {}],
    [
      'that a sum of what was used is, which nobody names',
      1_000n,
      10_000n,
      { input: call('function send(uint32 chain, uint256 amount)', [chain, 9_000n]) },
    ],
    ['that anybody may raise', 1_000n, 10_000n, { isOpen: true }],
  ])('%s is no news', (_, was, now, given) => {
    expect(limitOf(was, now, given)).toEqual([])
  })
})
