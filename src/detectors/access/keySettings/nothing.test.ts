import { describe, expect, test } from 'vitest'
import { chief, nobody, plan, planScene, relayer, rootOf } from '../../../../test/harness/detectors/keySettingsScene.ts'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Hex } from '../../../model/chain.ts'

describe('what is nothing from now on', () => {
  const process = 'function process(bytes32 leaf, uint256 amount)'
  const clear = 'function reset(bytes32 root)'
  const [leaf, zero] = [rootOf(42), word(0)]
  /** The same leaf with another last digit: nobody proved that one. */
  const forged: Hex = `${leaf.slice(0, -1)}${(Number.parseInt(leaf.slice(-1), 16) ^ 1).toString(16)}` as Hex
  function inbox() {
    const { world, watch, stands } = planScene()
    const used = () => watch.see({ transactions: [tx({ from: relayer, to: plan, input: call(process, [leaf, 7]) })] })
    stands(rootOf(1))
    watch.see({})
    used()
    return {
      ...{ world, watch, used },
      clears(isOpen: boolean) {
        world.settle()
        stands(zero)
        if (isOpen) world.set(`call ${plan} ${call(process, [forged, 7])} from ${nobody}`, '0x')
        return watch.see({ transactions: [tx({ from: chief, to: plan, input: call(clear, [zero]) })] })
      },
    }
  }

  test('pages where a call that nobody vouches for is refused before and passes now', () => {
    const { claims } = inbox().clears(true)
    expect(claims).toMatchObject([{ facts: { now: zero, opened: call(process, [leaf, 7]).slice(0, 10) } }])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages nobody where it closes, or was open before', () => {
    expect(inbox().clears(false).claims).toMatchObject([{ severity: 'medium' }])
    const open = inbox()
    open.world.set(`call ${plan} ${call(process, [forged, 7])} from ${nobody}`, '0x')
    expect(open.clears(true).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('asks little: of four functions, and not at what is used every day', () => {
    const { watch, used, clears } = inbox()
    expect(used().reads.filter(({ kind }) => kind === 'call').length).toBeLessThan(6)
    for (let n = 0; n < 20; n++)
      watch.see({
        transactions: [
          tx({ from: relayer, to: plan, input: `0x1234${n + 10}00${word(5).slice(2).repeat(24)}` as Hex }),
        ],
      })
    expect(clears(true).reads.length).toBeLessThan(2 * 4 * 12 + 8)
  })
})
