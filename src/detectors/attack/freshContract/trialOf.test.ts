import { getContractAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Read, SimulatedCall } from '../../../model/read.ts'
import { freshContract } from '../freshContract.ts'

const vault: Address = `0xa1${'7a'.repeat(19)}`
const [usdc, other, thief, mule, stranger] = [0x5555, 0x6666, 0x3333, 0x7777, 0x8888].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const names = [
  contract('usdc', usdc, { role: 'dependency', kind: 'erc20' }),
  contract('other', other, { role: 'dependency', kind: 'erc20' }),
]
const made = (nonce = 1) => getContractAddress({ from: thief, nonce: BigInt(nonce) }).toLowerCase() as Address

/** Names the vault and a mule, and compares what was called with some selectors. */
const codeOf = (entries: string[]): Hex =>
  `0x73${vault.slice(2)}73${mule.slice(2)}${entries.map((each) => `63${each}14`).join('')}a1`
const [steal, help] = ['aabbccdd', '11223344']
const creation = (entries: string[], nonce = 1) => tx({ from: thief, to: null, input: codeOf(entries), nonce })

function watching(options: object = {}) {
  const world = new World().holds(usdc, vault, 1_000n).holds(other, vault, 1_000n).set(`balance ${vault}`, 500n)
  for (const each of [thief, mule, stranger, made()]) world.holds(usdc, each, 0n).holds(other, each, 0n)
  world.settle()
  const watch = scene(freshContract, [contract('vault', vault)], { world, names, options })
  /** What a call of one entry would change. */
  const does = (entry: string, change: (after: World) => void, when: (call: SimulatedCall) => boolean = () => true) => {
    world.simulated = ([first]) => {
      if (!first!.data.startsWith(`0x${entry}`) || !when(first!)) return undefined
      const after = new World()
      for (const [question, answer] of world.now) after.set(question, answer)
      change(after)
      return after
    }
  }
  const primed = (seen: ReturnType<typeof watch.see>) => seen.claims.filter(({ key }) => key.startsWith('primed'))
  return { world, watch, does, primed }
}
const simulated = (reads: readonly Read[]) =>
  reads.flatMap((read) => (read.kind === 'simulation' ? read.calls.map(({ data }) => data.slice(0, 10)) : []))

const takes = (amount: bigint, to: Address) => (after: World) =>
  after.holds(usdc, vault, 1_000n - amount).holds(usdc, to, amount)

describe('a new contract is tried', () => {
  const judged = (change: (after: World) => void) => {
    const { watch, does, primed } = watching()
    does(steal, change)
    return primed(watch.see({ transactions: [creation([help, steal])] }))
  }

  test('and found before it is called, whoever of those about it gains', () => {
    for (const to of [thief, mule, made()]) {
      expect(judged(takes(400n, to))).toMatchObject([
        {
          severity: 'high',
          evidence: 'soft',
          address: vault,
          title: expect.stringMatching(
            /^Calling 0xaabbccdd of 0x\w{4}…\w{4}, a new contract of 0x0000…3333, would take 400 base units of usdc \(40 %\) out of vault$/,
          ),
          facts: { contract: made(), creator: thief, value: '0', losses: [{ amount: '400', share: '40 %' }] },
        },
      ])
    }
  })

  test('from the limit on', () => {
    expect(judged(takes(10n, thief))).toHaveLength(1)
    expect(judged(takes(9n, thief))).toEqual([])
  })

  test('and pages nobody where others gain, where it is paid for, or for shares that are given back', () => {
    expect(judged(takes(400n, stranger))).toMatchObject([{ severity: 'medium', facts: { gains: false } }])
    const fee = judged((after) => after.holds(usdc, vault, 600n).holds(usdc, stranger, 361n).holds(usdc, thief, 39n))
    expect(fee).toMatchObject([{ severity: 'medium' }])
    const swap = judged((after) => after.holds(usdc, vault, 600n).holds(usdc, thief, 400n).holds(other, vault, 1_400n))
    expect(swap).toMatchObject([{ severity: 'medium', facts: { paid: true } }])
    const { world, watch, does, primed } = watching()
    const supply = `call ${vault} 0x18160ddd`
    world.set(supply, 100n).settle()
    does(steal, (after) => after.holds(usdc, vault, 600n).holds(usdc, thief, 400n).set(supply, 60n))
    expect(primed(watch.see({ transactions: [creation([steal])] }))).toEqual([])
  })

  test('with what it may want: whom to rob, or a number and a coin', () => {
    const { watch, does, primed } = watching()
    does(
      steal,
      (after) => after.set(`balance ${vault}`, 100n).set(`balance ${mule}`, 400n),
      ({ value }) => value === 10n ** 18n,
    )
    const { reads, claims } = watch.see({ transactions: [creation([steal])] })
    expect(claims.find(({ key }) => key.startsWith('primed'))).toMatchObject({
      severity: 'high',
      facts: { value: (10n ** 18n).toString() },
    })
    const calls = reads.flatMap((read) => (read.kind === 'simulation' ? read.calls : []))
    expect(calls.map(({ data, from, to }) => [data.length, from, to])).toEqual([
      [2, thief, made()],
      [2, thief, made()],
      [202, thief, made()],
      [202, thief, made()],
    ])
    expect(calls[2]?.data).toContain(vault.slice(2))
    expect(primed(watch.see())).toEqual([])
  })

  test('not if its deployer is ours, nor if nobody wants it', () => {
    const seen = [watching({ deployers: [thief] }), watching({ simulate: false })].map(({ watch }) =>
      watch.see({ transactions: [creation([steal])] }),
    )
    expect(seen.flatMap(({ reads }) => simulated(reads))).toEqual([])
  })
})

describe('it is tried again', () => {
  test('with its other functions, and until it would take something', () => {
    const { watch, does, primed } = watching()
    const entries = Array.from({ length: 20 }, (_, n) => (0xbb000000 + n).toString(16))
    const last = entries.at(-1)!
    does(last, (after) => after.holds(usdc, vault, 0n).holds(usdc, thief, 1_000n))
    expect(primed(watch.see({ transactions: [creation(entries)] }))).toEqual([])
    const seen = Array.from({ length: 60 }, () => watch.see())
    expect(seen.filter(({ reads }) => simulated(reads).length > 0)).toHaveLength(1)
    expect(seen.flatMap(primed)).toMatchObject([
      { severity: 'high', title: expect.stringContaining(`Calling 0x${last}`) },
    ])
    expect(watch.memory.get('tried')).toBeUndefined()
  })

  test('less often after an hour, and no more after a day', () => {
    const { watch } = watching()
    watch.see({ transactions: [creation([steal])] })
    const tries = (blocks: number) =>
      Array.from({ length: blocks }, () => watch.see()).filter(({ reads }) => simulated(reads).length > 0).length
    expect([tries(290), tries(600)]).toEqual([11, 2])
    const { block } = watch.see()
    watch.see({ timestamp: block.timestamp + 86_400 })
    expect(tries(310)).toBe(0)
  })

  test('and may have back what was brought, and what is owed to its people, but no more', () => {
    const brings = (amount: bigint) => {
      const { watch, does, primed } = watching()
      watch.see({ transactions: [creation([steal])] })
      const deposit = transferLog(usdc, {
        ...{ from: thief, to: vault, value: amount },
      })
      watch.see({ transactions: [tx({ from: thief, to: vault, logs: [deposit] })] })
      does(steal, takes(400n, thief))
      return Array.from({ length: 60 }, () => watch.see()).flatMap(primed).length
    }
    expect([brings(400n), brings(391n), brings(390n)]).toEqual([0, 0, 1])
    const owes = (debt: bigint) => {
      const { world, watch, does, primed } = watching()
      world.holds(vault, thief, debt).settle()
      does(steal, (after) => takes(400n, thief)(after.holds(vault, thief, 0n)))
      return primed(watch.see({ transactions: [creation([steal])] })).length
    }
    expect([owes(400n), owes(391n), owes(390n)]).toEqual([0, 0, 1])
  })

  test('what may be honest is told of once', () => {
    const { watch, does, primed } = watching()
    does(steal, (after) => after.holds(usdc, vault, 0n).holds(usdc, stranger, 1_000n))
    expect(primed(watch.see({ transactions: [creation([steal])] }))).toHaveLength(1)
    expect(Array.from({ length: 60 }, () => watch.see()).flatMap(primed)).toEqual([])
  })
})

describe('what cannot be tried', () => {
  test('is said once', () => {
    const { world, watch } = watching()
    world.down.add('simulation')
    expect(watch.see({ transactions: [creation([steal])] }).blind).toEqual([
      'What new contracts would do could not be simulated: nobody answers',
    ])
    expect(Array.from({ length: 60 }, () => watch.see()).flatMap(({ blind }) => blind)).toEqual([])
  })

  test('as there are too many is said, and neither reads nor memory grow', () => {
    const { watch } = watching()
    const flood = Array.from({ length: 30 }, (_, nonce) => creation([steal, help], nonce))
    const { blind, reads } = watch.see({ transactions: flood })
    expect(blind).toEqual([expect.stringContaining('17 new contracts were not tried')])
    expect(simulated(reads)).toHaveLength(3 * 3 * 2)
    for (let block = 0; block < 5; block++) watch.see({ transactions: flood })
    expect(JSON.stringify(watch.memory.get('tried')).length).toBeLessThan(4_000)
  })
})
