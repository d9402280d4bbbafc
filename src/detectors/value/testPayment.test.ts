import { describe, expect, test } from 'vitest'
import { account, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { testPayment } from './testPayment.ts'

const [treasury, thief, ana, ben, dollar, fake, signer] = [1, 2, 3, 4, 5, 6, 7].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const sent = (to: Address, value: bigint, token = dollar, from = treasury): SomeLog =>
  transferLog(token, { from, to, value })

/** A treasury of ten thousand dollars. */
function watching(options: object = {}, start = 10_000n) {
  const world = new World().holds(dollar, treasury, start).set(`balance ${treasury}`, start).settle()
  const names = [contract('dollar', dollar, { role: 'dependency' })]
  const watch = scene(testPayment, [contract('treasury', treasury, { kind: 'safe' })], { options, world, names })
  let [held, coins] = [start, start]
  const see = (fields: Parameters<typeof tx>[0], seconds = 12) => {
    at += seconds
    return watch.see({ timestamp: at, transactions: [tx({ from: signer, to: treasury, ...fields })] })
  }
  let at = 1_704_067_200
  return {
    world,
    watch,
    see,
    pays(to: Address, amount: bigint, seconds = 12, logs: SomeLog[] = []) {
      held -= amount
      world.holds(dollar, treasury, held)
      return see({ logs: [sent(to, amount), ...logs] }, seconds)
    },
    paysCoins(to: Address, amount: bigint, seconds = 12) {
      coins -= amount
      world.set(`balance ${treasury}`, coins)
      return see({ calls: [{ to, value: amount }] }, seconds)
    },
  }
}
type Scene = ReturnType<typeof watching>

/** Two payees whom it pays now and then. */
const accustomed = (on: Scene = watching()): Scene => {
  for (const to of [ana, ben]) on.pays(to, 100n)
  return on
}

describe('a little and then much to somebody new', () => {
  test('pages where half of all goes', () => {
    const { pays } = accustomed()
    const trial = pays(thief, 10n)
    expect(trial.claims).toEqual([])
    const { claims, block } = pays(thief, 4_895n, 900)
    expect(claims).toMatchObject([
      {
        address: treasury,
        transactionHash: block.transactions[0]!.hash,
        title:
          '50 % of the dollar of treasury went to 0x0000…2222, who had been paid a little for the first time 15 minutes before',
        facts: { payee: thief, firstAmount: '10', firstTransaction: trial.block.transactions[0]!.hash },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages about coins that a Safe pays inside', () => {
    const { paysCoins } = accustomed()
    paysCoins(ana, 10n)
    paysCoins(ben, 10n)
    paysCoins(thief, 5n)
    expect(paysCoins(thief, 9_000n).claims).toMatchObject([{ facts: { token: 'native' } }])
  })

  test.each([
    ['less than half', 4_894n, 'medium'],
    ['a twentieth', 490n, 'medium'],
    ['less than that', 489n, null],
  ])('%s is a sign at most', (_, amount, severity) => {
    const { pays } = accustomed()
    pays(thief, 10n)
    expect(pays(thief, amount).claims.map((claim) => claim.severity)).toEqual(severity ? [severity] : [])
  })

  test('is none where coins only pass through, or a token pays what it is given back for', () => {
    const { pays, paysCoins, see } = accustomed()
    paysCoins(ana, 10n)
    paysCoins(ben, 10n)
    paysCoins(thief, 5n)
    const through = { value: 9_000n, calls: [{ to: thief, value: 9_000n }] }
    expect(see(through).claims).toEqual([])
    pays(thief, 10n)
    expect(pays(thief, 9_000n, 12, [sent(account(0), 9_000n, treasury, thief)]).claims).toEqual([])
  })

  test('is a sign only until it is known whom the account pays', () => {
    const { pays } = watching()
    pays(ana, 100n)
    pays(thief, 10n)
    expect(pays(thief, 9_000n).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('is told of once', () => {
    const { pays } = accustomed()
    pays(thief, 10n)
    expect([pays(thief, 6_000n), pays(thief, 2_000n)].map(({ claims }) => claims.length)).toEqual([1, 0])
  })
})

describe('silent are', () => {
  test('large payments to those who have been paid before, at the limit of the hours and after', () => {
    const claimsAfter = (seconds: number) => {
      const { pays } = accustomed()
      pays(thief, 10n)
      return pays(thief, 9_000n, seconds).claims.length
    }
    expect([claimsAfter(86_400), claimsAfter(86_401)]).toEqual([1, 0])
  })

  test('two payments in one block, of which neither waits for the other', () => {
    const { watch, world } = accustomed()
    world.holds(dollar, treasury, 100n)
    const transactions = [10n, 9_000n].map((value) => tx({ from: signer, to: treasury, logs: [sent(thief, value)] }))
    expect(watch.see({ timestamp: 1_704_070_000, transactions }).claims).toEqual([])
  })

  test('payments that are not so much larger', () => {
    const { pays } = accustomed(watching({ times: 20, percent: 1 }))
    pays(thief, 10n)
    expect(pays(thief, 199n).claims).toEqual([])
    expect(pays(thief, 200n).claims).toHaveLength(1)
  })

  test('whoever is named', () => {
    const { pays } = accustomed(watching({ known: [thief] }))
    pays(thief, 10n)
    expect(pays(thief, 9_000n).claims).toEqual([])
  })

  test('trades, for which something comes back', () => {
    const { pays } = accustomed()
    const back = [sent(treasury, 5n, fake, thief)]
    pays(thief, 10n, 12, back)
    expect(pays(thief, 9_000n, 12, back).claims).toEqual([])
  })

  test('tokens that only tell so, and what they tell makes nobody known or forgotten', () => {
    const { see, pays, world, watch } = accustomed()
    expect(see({ logs: [sent(thief, 1n, fake)] }).claims).toEqual([])
    expect(see({ logs: [sent(thief, 9_000n, fake)] }).claims).toEqual([])
    pays(thief, 10n)
    for (let n = 0; n < 200; n++) {
      const token = account(0xfa0000 + n)
      world.holds(token, treasury, 5n).settle().holds(token, treasury, 4n)
      see({ logs: [sent(account(0xbad000 + n), 1n, token)] })
    }
    expect(watch.memory.get(`others ${treasury}`)).toHaveLength(32)
    expect(pays(thief, 9_000n).claims).toHaveLength(1)
  })
})

test('says that it is blind where the balance of a known token is not told', () => {
  const { pays, world } = accustomed()
  pays(thief, 10n)
  world.down.add(dollar)
  expect(pays(thief, 9_000n)).toMatchObject({ claims: [], blind: ['treasury: nobody answers'] })
})

test('the memory of payees is bounded', () => {
  const { pays, watch } = watching({}, 10n ** 9n)
  for (let n = 0; n < 150; n++) pays(account(0xabc000 + n), 1n)
  expect(watch.memory.get(`payees ${treasury}`)).toHaveLength(128)
})
