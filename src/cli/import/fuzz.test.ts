import fc from 'fast-check'
import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import type { Value } from '../../evm/abi/value.ts'
import type { Contract } from '../../model/contract.ts'
import { compileRule } from '../../rules/compileRule.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { NotCarried } from './notCarried.ts'
import { translateCondition } from './translateCondition.ts'
import { parametersOf } from './variables.ts'

const abi = parseAbi([
  'event All(uint256 amount, int64 level, address who, bool ok, string note, bytes data, uint256[] list, (address maker, uint128 price) order)',
])
const target: Contract = { name: 'all', chain: 'testnet', address: `0x${'11'.repeat(20)}`, role: 'protected', abi }
const compile = (condition: string) => compileRule(`event All if ${condition}`, { target, names: new Map() })
const addresses = ['aa', 'bb', 'cc'].map((byte) => `0x${byte.repeat(20)}`)

type Seen = { args: readonly Value[]; shown: Record<string, string> }

/** An event, and its values as OpenZeppelin Monitor writes them. */
const seen: fc.Arbitrary<Seen> = fc
  .record({
    amount: fc.bigInt(0n, 4n),
    level: fc.bigInt(-2n, 2n),
    who: fc.constantFrom(...addresses),
    ok: fc.boolean(),
    note: fc.constantFrom('', 'a', 'Ab', 'xAB', 'b and a or'),
    data: fc.constantFrom('0x', '0xab', '0xcdab', '0xabcd'),
    list: fc.array(fc.bigInt(0n, 3n), { maxLength: 3 }),
    maker: fc.constantFrom(...addresses),
    price: fc.bigInt(0n, 4n),
  })
  .map(({ maker, price, ...values }) => ({
    args: [...Object.values(values), [maker, price]] as Value[],
    shown: {
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
      list: `[${values.list.join(',')}]`,
      order: `(${maker},${price})`,
    },
  }))

/** One comparison: how it is written, and what OpenZeppelin Monitor answers for the value as it writes it. */
type Comparison = { name: string; operator: string; literal: string; answer(value: string): boolean }

const orders: Record<string, (a: bigint, b: bigint) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}
const texts: Record<string, (text: string, part: string) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  starts_with: (a, b) => a.startsWith(b),
  ends_with: (a, b) => a.endsWith(b),
  contains: (a, b) => a.includes(b),
}
const textually = (
  name: string,
  operators: readonly string[],
  parts: readonly string[],
  { quoted = true, spaces = true } = {},
) =>
  fc.tuple(fc.constantFrom(...operators), fc.constantFrom(...parts)).map(([operator, part]): Comparison => {
    const plain = (text: string) => (spaces ? text : text.replaceAll(' ', '')).toLowerCase()
    const answer = (value: string) => texts[operator]!(plain(value), plain(part))
    return { name, operator, literal: quoted ? `'${part}'` : part, answer }
  })
const numerically = (name: string) =>
  fc.tuple(fc.constantFrom(...Object.keys(orders)), fc.integer({ min: -2, max: 4 }), fc.boolean()).map(
    ([operator, number, quoted]): Comparison => ({
      name,
      operator,
      literal: quoted ? `"${number}"` : String(number),
      answer: (value) => orders[operator]!(BigInt(value), BigInt(number)),
    }),
  )
/** In lists and tuples each part by itself, as a text. */
const within = (name: string, parts: readonly string[]) =>
  fc.constantFrom(...parts).map(
    (part): Comparison => ({
      name,
      operator: 'contains',
      literal: part,
      answer: (value) => value.slice(1, -1).split(',').includes(part.toLowerCase()),
    }),
  )

const equality = ['==', '!=']
const comparison: fc.Arbitrary<Comparison> = fc.oneof(
  numerically('amount'),
  numerically('level'),
  textually('who', equality, [...addresses, addresses[0]!.toUpperCase().replace('0X', '0x')], { quoted: false }),
  textually('ok', equality, ['true', 'false'], { quoted: false }),
  textually('note', Object.keys(texts), ['', 'A', 'ab', 'b AND a or']),
  textually('data', equality, ['0x', '0xAB', '0xcdab']),
  textually('data', ['starts_with', 'contains'], ['0xab', '0xcd']),
  textually('data', ['ends_with', 'contains'], ['ab', 'CD']),
  textually('list', equality, ['[]', '[1]', '[1, 2]', '[ 0,1 ]'], { spaces: false }),
  within('list', ['0', '2', '3']),
  textually('order', equality, [`(${addresses[0]},1)`, `(${addresses[1]}, 2)`], { spaces: false }),
  within('order', ['0', '2', ...addresses]),
)

type Tree = { text: string; answer(shown: Seen['shown']): boolean }

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison.map(({ name, operator, literal, answer }) => ({
      text: `${name} ${operator} ${literal}`,
      answer: (shown: Seen['shown']) => answer(shown[name]!),
    })),
    fc.tuple(tie('tree'), fc.constantFrom('AND', 'OR', 'and'), tie('tree')).map(([left, word, right]) => ({
      text: `(${left.text})  ${word} (${right.text})`,
      answer: (shown: Seen['shown']) =>
        word === 'OR' ? left.answer(shown) || right.answer(shown) : left.answer(shown) && right.answer(shown),
    })),
  ),
}))

const block = { number: 1, timestamp: 1, hash: '0x', parentHash: '0x', logsBloom: '0x' } as const
const run = { seed: 20261125, interruptAfterTimeLimit: 3_000, markInterruptAsFailure: false, numRuns: 20_000 }

test('an imported condition answers as OpenZeppelin Monitor does, wherever that one can', () => {
  fc.assert(
    fc.property(tree, seen, (condition, { args, shown }) => {
      const { text, deadBecause } = translateCondition(condition.text, parametersOf(abi[0]!, 'oz'), 'oz')
      expect(deadBecause).toEqual([])
      const frame = { args, block, log: null, transaction: null, receipt: null }
      expect([text, compile(text).condition?.evaluate(frame)]).toEqual([text, condition.answer(shown)])
    }),
    run,
  )
})

const words =
  "amount level who ok note data list order order.maker order[1] list[0] args tx $0 $7 nobody == != < <= > >= starts_with ends_with contains AND OR NOT NOT( ( ) + - * / ^ 0 5 -1 1e18 1_0 1.5 0x 0xab 0xabc true false 'x' 'open \"y\" '[1,2]' '((' bare-word && || \u202e".split(
    ' ',
  )

test.each(['oz', 'defender'] as const)(
  'random words of %s are refused properly, or become a rule that can be read',
  (dialect) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 }), (chosen) => {
        let text: string
        try {
          text = translateCondition(chosen.join(' '), parametersOf(abi[0]!, dialect), dialect).text
        } catch (error) {
          expect(error).toBeInstanceOf(NotCarried)
          return
        }
        try {
          compile(text)
        } catch (error) {
          expect(error).toBeInstanceOf(RuleError)
        }
      }),
      run,
    )
  },
)
