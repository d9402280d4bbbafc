import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { privilegedChange } from '../privilegedChange.ts'

const [safe, relayer, module] = [account(0x50), account(0x51), account(0x52)]
const [ana, ben, eve, new1, new2] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const day = 86_400
const [getThreshold, getOwners] = [`call ${safe} 0xe75235b8`, `call ${safe} 0xa0e67e2b`]
const encoded = (owners: readonly Address[]): Hex => encodeAbiParameters([{ type: 'address[]' }], [owners])
const signed = event('event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)', safe, {
  txHash: `0x${'12'.repeat(32)}`,
  payment: 0n,
})
const added = (who: Address) => event('event AddedOwner(address indexed owner)', safe, { owner: who })
const removed = (who: Address) => event('event RemovedOwner(address indexed owner)', safe, { owner: who })
const asks = (threshold: bigint) => event('event ChangedThreshold(uint256 threshold)', safe, { threshold })

function safeScene(threshold = 2n, owners: readonly Address[] = [ana, ben, eve]) {
  const world = new World().set(getThreshold, threshold).set(getOwners, encoded(owners)).settle()
  const watch = scene(privilegedChange, [contract('safe', safe, { kind: 'safe' })], { world })
  watch.see()
  let timestamp = 1_750_000_000
  return {
    world,
    watch,
    change(to: { owners?: readonly Address[]; threshold?: bigint }, logs: SomeLog[], after = 60) {
      timestamp += after
      world.settle()
      if (to.owners) world.set(getOwners, encoded(to.owners))
      if (to.threshold) world.set(getThreshold, to.threshold)
      const { claims } = watch.see({ timestamp, transactions: [tx({ from: relayer, to: safe, logs })] })
      return claims.map(({ title, severity }) => `${severity ?? 'high'}: ${title}`)
    },
  }
}

describe('owners that the others signed for', () => {
  test('page nobody as long as those who are new cannot sign alone', () => {
    const { change } = safeScene()
    expect(change({ owners: [new1, ana, ben, eve] }, [added(new1), signed])).toEqual([
      'medium: 0x0000…4444 became an owner of safe',
    ])
    expect(change({ owners: [new1, new2, ana, ben, eve] }, [added(new2), signed], 29 * day)).toEqual([
      'high: 0x0000…5555 became an owner of safe',
    ])
  })

  test('are no newcomers any more after thirty days', () => {
    const { change } = safeScene()
    change({ owners: [new1, ana, ben, eve] }, [added(new1), signed])
    expect(change({ owners: [new1, new2, ana, ben, eve] }, [added(new2), signed], 30 * day)).toEqual([
      'medium: 0x0000…5555 became an owner of safe',
    ])
  })

  test('may be exchanged, one for one, but not as many as must sign', () => {
    expect(safeScene().change({ owners: [new1, ben, eve] }, [removed(ana), added(new1), signed])).toEqual([
      'medium: 0x0000…1111 is no owner of safe any more',
      'medium: 0x0000…4444 became an owner of safe',
    ])
    const gone = safeScene(2n, [ana, ben, eve, new1]).change({ owners: [eve, new1] }, [
      removed(ana),
      removed(ben),
      signed,
    ])
    expect(gone.map((each) => each.slice(0, 4))).toEqual(['high', 'high'])
  })

  test('and more signatures than before are mild, fewer are not', () => {
    expect(safeScene().change({ threshold: 3n }, [asks(3n), signed])).toEqual([
      'medium: safe now asks for 3 signatures',
    ])
    expect(safeScene(3n).change({ threshold: 2n }, [asks(2n), signed])).toEqual([
      'high: safe now asks for 2 signatures',
    ])
    const owners = [new1, ana, ben, eve]
    const hidden = safeScene(3n).change({ owners, threshold: 2n }, [added(new1), asks(2n), signed])
    expect(hidden.map((each) => each.slice(0, 4))).toEqual(['high', 'high'])
  })
})

describe('owners are as grave as ever', () => {
  const owners = [new1, ana, ben, eve]

  test('where one signature is enough', () => {
    expect(safeScene(1n).change({ owners }, [added(new1), signed])).toEqual([
      'high: 0x0000…4444 became an owner of safe',
    ])
  })

  test('where nobody signed, or a module had a hand in it', () => {
    const byModule = event('event ExecutionFromModuleSuccess(address indexed module)', safe, { module })
    const elsewhere = { ...signed, address: module }
    for (const logs of [
      [added(new1)],
      [signed, added(new1)],
      [added(new1), elsewhere],
      [added(new1), byModule, signed],
    ])
      expect(safeScene().change({ owners }, logs)).toEqual(['high: 0x0000…4444 became an owner of safe'])
  })

  test.each<[string, Hex]>([
    ['nothing', '0x'],
    ['a list that is longer than it is', encoded(owners).slice(0, -64) as Hex],
    ['another thing', `0x${'ff'.repeat(96)}`],
  ])('where the Safe answers %s', (_name, answer) => {
    const { change, world } = safeScene()
    world.set(getOwners, answer)
    expect(change({}, [added(new1), signed])).toEqual(['high: 0x0000…4444 became an owner of safe'])
  })
})
