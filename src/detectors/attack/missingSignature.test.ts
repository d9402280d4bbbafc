import { type Hex, keccak256, parseSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { account, call, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { bornBy } from './missingSignature/bornBy.ts'
import { missingSignature } from './missingSignature.ts'

const [bridge, thief, ana, dollar, wallet] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const signers = ['one', 'two'].map((name) => privateKeyToAccount(keccak256(toHex(name))))
const signed = (text: string) => Promise.all(signers.map((each) => each.signMessage({ message: text })))
const pairs = (await Promise.all(['a', 'b', 'c', 'd', 'e'].map(signed))) as [Hex, Hex][]

const sent = (from: Address, to: Address, value: bigint, token = dollar): SomeLog =>
  transferLog(token, { from, to, value })
const release = (signatures: readonly Hex[], to = ana): Hex =>
  call('function release(uint256 id, address to, uint256 amount, bytes[] signatures)', [7n, to, 50n, [...signatures]])
const inWords = ({ r, s, v }: { r: Hex; s: Hex; v: number }): Hex =>
  call('function redeem(uint256 amount, uint8 v, bytes32 r, bytes32 s)', [50n, v, r, s])

/** A bridge that holds a thousand dollars and pays for signatures. */
function watching(names: Contract[] = []) {
  const world = new World().holds(dollar, bridge, 1_000n).settle()
  const watch = scene(missingSignature, [contract('bridge', bridge)], { names, world })
  let held = 1_000n
  const pays = (input: Hex, amount = 50n, rest: Partial<SomeTransaction> = {}) => {
    held -= amount
    world.holds(dollar, bridge, held)
    const logs = amount > 0n ? [sent(bridge, ana, amount)] : []
    return watch.see({ transactions: [tx({ from: thief, to: bridge, input, logs, ...rest })] })
  }
  return {
    ...{ world, watch, pays },
    learn(times = 3) {
      for (const pair of pairs.slice(0, times)) expect(pays(release(pair))).toMatchObject({ claims: [], blind: [] })
    },
  }
}

describe('a payment that nobody signed', () => {
  test('pages once use has shown that the function asks for signatures, and each time', () => {
    const { learn, pays } = watching()
    learn()
    const { claims, block } = pays(release([]))
    expect(claims).toMatchObject([
      {
        address: bridge,
        evidence: 'hard',
        title:
          'bridge paid for a call that nobody signed, though it asks for 2 signatures, and 50 base units of 0x0000…4444 (5.88 %) was lost',
        transactionHash: block.transactions[0]!.hash,
        facts: { sender: thief, signatures: 0, usually: 2 },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
    expect(pays(release([])).claims).toHaveLength(1)
    expect(pays(release(pairs[3]!)).claims).toEqual([])
  })

  test('is a sign where nobody tells the balance', () => {
    const { learn, pays, world } = watching()
    learn()
    world.down.add(dollar)
    const { claims, blind } = pays(release([]))
    expect(claims).toMatchObject([{ severity: 'medium', evidence: 'soft', facts: { signatures: 0 } }])
    expect(blind).toEqual([expect.stringContaining('nobody answers')])
  })

  test('is no news before it is known, where one was never asked for, or where nothing left', () => {
    const early = watching()
    early.learn(2)
    expect(early.pays(release([])).claims).toEqual([])
    early.learn()
    expect(early.pays(release([])).claims).toEqual([])
    const { learn, pays } = watching()
    learn()
    expect(pays(release([]), 0n).claims).toEqual([])
    expect(pays(release([]), 0n, { status: 'reverted' }).claims).toEqual([])
    expect(pays('0x12345678').claims).toEqual([])
  })

  test('is one for words out of which no signer can be recovered', () => {
    const { pays } = watching()
    for (const [one] of pairs.slice(0, 3)) {
      const { r, s, v } = parseSignature(one)
      expect(pays(inWords({ r, s, v: Number(v) })).claims).toEqual([])
    }
    // No point of the curve has five as its x.
    const broken = `0x${'5'.padStart(64, '0')}` as Hex
    const s = parseSignature(pairs[0]![0]).s
    const title = /^bridge paid for a call that nobody signed, though it asks for a signature,/
    expect(pays(inWords({ r: broken, s, v: 27 })).claims).toMatchObject([{ title: expect.stringMatching(title) }])
    expect(pays(inWords({ ...parseSignature(pairs[3]![0]), v: 99 })).claims).toHaveLength(1)
  })

  test('pages where one signature stands twice to be as many as are asked for, and not where fewer are', () => {
    const { learn, pays } = watching()
    learn()
    const [one] = pairs[3]!
    expect(pays(release([one])).claims).toEqual([])
    const again = watching()
    again.learn()
    expect(again.pays(release([one, one])).claims).toMatchObject([
      { title: expect.stringMatching(/^bridge paid for 2 signatures, of which one stands there several times,/) },
    ])
  })

  test('is silent where a contract was asked for its signature, and milder where something came in for it', () => {
    const { learn, pays, world } = watching()
    learn()
    const asked = { to: wallet, input: call('function isValidSignature(bytes32, bytes)', [keccak256('0x'), '0x']) }
    expect(pays(release([]), 50n, { calls: [asked] }).claims).toEqual([])
    // That a stranger asks one is nothing to ours.
    const calls = [asked, { to: bridge, input: release([]) }]
    expect(pays('0x', 50n, { to: account(0x8888), calls }).claims).toHaveLength(1)
    const gold = account(0x7777)
    world.holds(gold, bridge, 10n).settle()
    const logs = [sent(bridge, ana, 50n), sent(ana, bridge, 3n, gold)]
    expect(pays(release([]), 50n, { logs }).claims).toMatchObject([{ severity: 'medium', evidence: 'soft' }])
  })

  test('is known for one however many calls of other functions nobody signed', () => {
    const { learn, pays } = watching()
    learn()
    for (let n = 0; n < 200; n++) pays(`0x${n.toString(16).padStart(8, '0')}`, 1n)
    expect(pays(release([])).claims).toHaveLength(1)
  })

  test('reads calldata that is cut off, nonsense or long', () => {
    for (const input of ['0x', '0x12', `0x12345678${'f'.repeat(63)}`, `0x12345678${'1b'.repeat(40_000)}`] as Hex[])
      expect(bornBy(input)).toEqual({ count: 0, repeated: false })
  })
})

test('who has a token of his own tell of payments teaches nothing by calls that pay nothing', () => {
  const { learn, pays } = watching([contract('dollar', dollar)])
  learn()
  const junk = account(0xbad)
  for (let times = 0; times < 20; times++) {
    expect(pays(release([]), 0n, { logs: [sent(bridge, thief, 50n, junk)] }).claims).toEqual([])
  }
  expect(pays(release([])).claims).toMatchObject([{ address: bridge, evidence: 'hard' }])
})
