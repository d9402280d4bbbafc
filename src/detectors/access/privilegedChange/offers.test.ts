import { describe, expect, test } from 'vitest'
import {
  executed,
  next,
  other,
  thief,
  timelock,
  timelockScene,
  vault,
} from '../../../../test/harness/detectors/plannedChangeScene.ts'
import { call, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

describe('an offer of ownership', () => {
  const signature = (name: string) => `event ${name}(address indexed previousOwner, address indexed newOwner)` as const
  const offered = (to: Address) =>
    event(signature('OwnershipTransferStarted'), vault, { previousOwner: timelock, newOwner: to })
  const taken = (by: Address) =>
    event(signature('OwnershipTransferred'), vault, { previousOwner: timelock, newOwner: by })
  const offer = (to: Address) => call('function transferOwnership(address newOwner)', [to])

  function twoSteps(logs: SomeLog[], { by = next, between = [] as SomeLog[] } = {}) {
    const { world, watch } = timelockScene()
    world.set(`call ${vault} 0xe30c3978`, word(0)).settle()
    for (let block = 0; block < 64; block++) watch.see()
    world.set(`call ${vault} 0xe30c3978`, word(next))
    watch.see({ transactions: [tx({ from: thief, to: timelock, logs })] })
    if (between.length > 0) watch.see({ transactions: [tx({ from: thief, to: vault, logs: between })] })
    world.settle()
    world.set(`call ${vault} 0xe30c3978`, word(0)).set(`call ${vault} 0x8da5cb5b`, word(by))
    return watch.see({ transactions: [tx({ from: by, to: vault, logs: [taken(by)] })] }).claims
  }

  test('that a timelock had announced may be taken', () => {
    expect(twoSteps([offered(next), executed(offer(next))])).toMatchObject([
      { severity: 'medium', facts: { new: next, planned: 'the offer had been scheduled in a timelock' } },
    ])
  })

  test('pages when it is taken if it was not announced, was made anew since, or another takes it', () => {
    const announced = [offered(next), executed(offer(next))]
    for (const claims of [
      twoSteps([offered(next)]),
      twoSteps(announced, { between: [offered(next)] }),
      twoSteps(announced, { by: other }),
    ]) {
      expect(claims.map(({ severity, facts }) => [severity, facts.planned])).toEqual([[undefined, undefined]])
    }
  })
})
