import { describe, expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Hex } from '../../../model/chain.ts'
import { valueJump } from '../valueJump.ts'

const [lender, oracle, user] = [account(0x1111), account(0x2222), account(0x3333)]
const call: Hex = `0xb95ed06f${word(account(0x4444)).slice(2)}`
const key = `call ${oracle} ${call}`
/** A number beside a flag. */
const answer = (price: bigint): Hex => `0x${[price, 1n].map((each) => word(each).slice(2)).join('')}`

function watching() {
  const world = new World().set(key, answer(2_000n)).settle()
  const options = { calls: [{ in: oracle, call }] }
  const watch = scene(valueJump, [contract('lender', lender)], { options, world })
  watch.see()
  return { world, watch }
}

/** A transaction in which the lender asks, and is answered so. */
const asking = (price: bigint) => ({
  transactions: [
    tx({
      from: user,
      to: lender,
      calls: [{ kind: 'staticcall' as const, to: oracle, input: call, output: answer(price) }],
    }),
  ],
})

describe('what another contract answers', () => {
  test('is judged by how far it leaps, alone or beside a flag, and named by whom it hurts', () => {
    const { world, watch } = watching()
    world.set(key, answer(2_900n))
    expect(watch.see().claims).toMatchObject([{ severity: 'medium', address: lender }])
    world.set(key, word(1_400n))
    expect(watch.see().claims).toMatchObject([{ address: lender, facts: { old: '2900', new: '1400' } }])
    world.set(key, `0x${word(7n).slice(2).repeat(3)}`)
    expect(watch.see()).toMatchObject({ claims: [], blind: [expect.stringContaining('it is no number')] })
  })

  test('is judged in the midst of a transaction, too, where it is as before at the end of the block', () => {
    const { watch } = watching()
    const { claims } = watch.see(asking(9_000n))
    expect(claims).toMatchObject([{ transactionHash: expect.any(String), facts: { old: '2000', new: '9000' } }])
    expect(claims[0]).not.toHaveProperty('severity')
    expect(watch.see(asking(2_900n)).claims).toEqual([])
  })

  test('is told once where it lasts', () => {
    const { world, watch } = watching()
    world.set(key, answer(9_000n))
    expect(watch.see(asking(9_000n)).claims).toMatchObject([{ key: 'jump 1' }])
  })
})
