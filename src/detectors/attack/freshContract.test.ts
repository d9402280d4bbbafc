import { getContractAddress, parseAbi, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { freshContract } from './freshContract.ts'

const vault: Address = `0xa1${'7a'.repeat(19)}`
const token = account(0x5555)
const [thief, friend] = [account(0x3333), account(0x6666)]
const abi = parseAbi(['function leave(uint256 amount)', 'function seen() view returns (uint256)'])
const hundred = 100n * 10n ** 18n

/** Creation code with some selectors pushed, and one opcode of LOG1 where it speaks. */
const codeOf = ({
  names = vault,
  selectors = [],
  rest = 'a1',
}: {
  names?: Address
  selectors?: string[]
  rest?: string
} = {}): Hex =>
  `0x608073${names.slice(2)}${selectors.map((each) => `63${toFunctionSelector(`function ${each}`).slice(2)}`).join('')}${rest}`
const nasty = codeOf({
  selectors: ['leave(uint256)', 'onFlashLoan(address,address,uint256,uint256,bytes)'],
  rest: '32',
})

const creation = (input: Hex, nonce = 1, from = thief) => tx({ from, to: null, input, nonce })
const addressOf = (nonce = 1, from = thief) =>
  getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Address
const sent = (from: Address, to: Address, value: bigint, emitter = token): SomeLog =>
  transferLog(emitter, { from, to, value })

function watching(options: object = {}) {
  const world = new World().holds(token, vault, hundred).settle()
  const watch = scene(freshContract, [contract('vault', vault, { abi })], { options, world })
  /** A transaction to a contract by which the vault holds so much afterwards. */
  const use = (to: Address, logs: SomeLog[], left: bigint, rest: object = {}) => {
    world.holds(token, vault, left)
    return watch.see({ transactions: [tx({ from: thief, to, logs, ...rest })] })
  }
  return { watch, world, use }
}

describe('a new contract', () => {
  test('that holds the address of ours is told of, with what speaks against it', () => {
    const { watch } = watching()
    expect(watch.see({ transactions: [creation(nasty)] }).claims).toMatchObject([
      {
        severity: 'medium',
        evidence: 'soft',
        address: vault,
        title: expect.stringMatching(/^The new contract 0x\w{4}…\w{4} of 0x0000…3333 holds the address of vault$/),
        facts: {
          ...{ contract: addressOf(), creator: thief, creatorNonce: 1, score: 100 },
          signs: [
            'it can take a flash loan (25)',
            'it calls functions that move value (15)',
            'it looks at who sent the transaction (10)',
            'it tells of nothing by events (10)',
            'its creator had sent 1 transactions before (20)',
          ],
        },
      },
    ])
  })

  test('of an account that is not new, which does little, is of little account', () => {
    const { watch } = watching()
    expect(watch.see({ transactions: [creation(codeOf(), 400)] }).claims).toMatchObject([
      { severity: 'low', facts: { score: 20, signs: [] } },
    ])
  })

  test('of ours, or with other addresses, is not spoken of', () => {
    const { watch } = watching({ deployers: [friend] })
    const { claims } = watch.see({
      transactions: [
        creation(nasty, 1, friend),
        creation(codeOf({ names: token })),
        { ...creation(nasty, 2), status: 'reverted' },
      ],
    })
    expect(claims).toEqual([])
  })

  test('is ours where the config names it, and so is what else its deployer makes', () => {
    const names = [contract('lens', addressOf(1, friend), { role: 'dependency' })]
    const watch = scene(freshContract, [contract('vault', vault, { abi })], { names })
    expect(watch.see({ transactions: [creation(nasty, 1, friend)] }).claims).toEqual([])
    expect(watch.see({ transactions: [creation(nasty, 2, friend)] }).claims).toEqual([])
    expect(watch.see({ transactions: [creation(nasty)] }).claims).toHaveLength(1)
  })

  test.each([3, 290])('is ours where its deployer made ours as number %i before anybody looked', (nonce) => {
    const own = addressOf(nonce, friend)
    const watch = scene(freshContract, [contract('vault', own, { abi })])
    const names = codeOf({ names: own })
    expect(watch.see({ transactions: [creation(names, 300, friend)] }).claims).toEqual([])
    expect(watch.see({ transactions: [creation(names, 300)] }).claims).toHaveLength(1)
  })

  test('that a contract creates is seen where the transaction touches ours', () => {
    const { watch } = watching()
    const calls = [{ kind: 'create' as const, to: friend, input: nasty, output: '0x60' as Hex }]
    const { claims } = watch.see({
      transactions: [tx({ from: thief, to: account(0xfac), calls, logs: [sent(vault, vault, 1n)] })],
    })
    expect(claims).toMatchObject([{ facts: { contract: friend } }])
  })
})

describe('a new contract that takes', () => {
  test('pages, with proof where the balance fell, though days lie between', () => {
    const { watch, use } = watching()
    const { block } = watch.see({ transactions: [creation(codeOf(), 400)] })
    const { claims } = use(addressOf(400), [sent(vault, thief, hundred / 2n)], hundred / 2n)
    expect(claims).toMatchObject([
      {
        severity: 'critical',
        evidence: 'hard',
        address: vault,
        title: expect.stringMatching(
          /a contract made just before, took 50,000,000,000,000,000,000 base units of 0x0000…5555 \(50 %\) out of vault$/,
        ),
        facts: {
          contract: addressOf(400),
          ageSeconds: 12,
          losses: [{ amount: (hundred / 2n).toString(), share: '50 %' }],
        },
      },
    ])
    const days = (count: number) => watch.see({ timestamp: block.timestamp + count * 86_400 })
    days(13)
    expect(use(addressOf(400), [sent(vault, thief, hundred / 4n)], hundred / 4n).claims).toMatchObject([
      { severity: 'critical' },
    ])
    days(15)
    expect(use(addressOf(400), [sent(vault, thief, hundred / 4n)], 0n).claims).toEqual([])
  })

  test('in the transaction that makes it pages, too', () => {
    const { watch, world } = watching()
    world.holds(token, vault, 0n)
    const { claims } = watch.see({ transactions: [{ ...creation(nasty), logs: [sent(vault, thief, hundred)] }] })
    expect(claims.map(({ severity }) => severity)).toEqual(['medium', 'critical'])
  })

  test('back what it brought, or what its shares were worth, does not page', () => {
    const { watch, use, world } = watching()
    watch.see({ transactions: [creation(nasty)] })
    const zap = addressOf()
    expect(use(zap, [sent(zap, vault, hundred)], 2n * hundred).claims).toEqual([])
    expect(use(zap, [sent(vault, zap, hundred)], hundred).claims).toEqual([])
    world.set(`call ${vault} 0x07a2d13a${word(50n).slice(2)}`, 50n).settle()
    expect(use(zap, [sent(zap, account(0), 50n, vault), sent(vault, zap, 50n)], hundred - 50n).claims).toEqual([])
  })

  test('little, for a price, or a token that is none, does not page', () => {
    const { watch, use, world } = watching()
    watch.see({ transactions: [creation(nasty)] })
    const other = account(0x9999)
    expect(use(addressOf(), [sent(vault, thief, hundred / 200n)], hundred).claims).toEqual([])
    world.holds(other, vault, 5n).settle()
    expect(
      use(addressOf(), [sent(vault, thief, hundred / 2n), sent(thief, vault, 5n, other)], hundred / 2n).claims,
    ).toEqual([])
    expect(use(addressOf(), [sent(vault, thief, 7n, account(0xfa4e))], hundred / 2n).claims).toEqual([])
  })

  test('is one among strangers: what others take is not its doing', () => {
    const { watch, use } = watching()
    watch.see({ transactions: [creation(nasty)] })
    expect(use(friend, [sent(vault, friend, hundred / 2n)], hundred / 2n).claims).toEqual([])
  })

  test('is remembered in a small memory, whoever floods it, and the worst are kept', () => {
    const { watch, use } = watching()
    watch.see({ transactions: [creation(nasty)] })
    for (let flood = 0; flood < 10; flood++) {
      watch.see({
        transactions: Array.from({ length: 30 }, (_, place) => creation(codeOf(), 100 + 30 * flood + place, friend)),
      })
    }
    expect(JSON.stringify(watch.memory.get('suspects')).length).toBeLessThan(16_000)
    expect(use(addressOf(), [sent(vault, thief, hundred)], 0n).claims).toMatchObject([{ severity: 'critical' }])
  })
})
