import { parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Contract } from '../model/contract.ts'
import { compileExpression, compileRule } from './compileRule.ts'
import { RuleError } from './ruleError.ts'

const vault: Contract = {
  name: 'vault',
  chain: 'testnet',
  address: `0x${'11'.repeat(20)}`,
  role: 'protected',
  abi: parseAbi([
    'event Withdraw(address indexed receiver, uint256 assets, bytes4 sig, string note, (uint256 a, bool b) order, uint8[] list)',
    'event Swap(address)',
    'event Swap(uint256)',
    'function totalAssets() view returns (uint256)',
    'function limitOf(address account) view returns (uint256)',
    'function at(uint8 i) view returns (uint256)',
    'function at(address a) view returns (uint256)',
    'function withdraw(uint256 assets)',
  ]),
}
const token: Contract = { name: 'token', chain: 'testnet', address: `0x${'22'.repeat(20)}`, role: 'dependency' }
const names = new Map([vault, token].map((contract) => [contract.name, contract]))

function errorOf(compile: () => unknown): RuleError {
  try {
    compile()
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
  throw new Error('it compiles')
}
const caretOf = (rule: string, target = vault) => `\n${errorOf(() => compileRule(rule, { target, names })).caret()}\n`
const wrong = (condition: string) => caretOf(`event Withdraw if ${condition}`).slice(1).split('\n').slice(1).join('\n')

test('shows every problem at its place', () => {
  expect(caretOf('event Withdraw if asset > 5 and receiver == 7\n  and $vautl == receiver')).toMatchInlineSnapshot(`
    "
    event Withdraw if asset > 5 and receiver == 7
                      ^^^^^ \`asset\` is not known.
      Did you mean \`assets\`?
    event Withdraw if asset > 5 and receiver == 7
                                    ^^^^^^^^^^^^^ \`==\` has an address on its left and an integer on its right.
      and $vautl == receiver
          ^^^^^^ The config names no contract \`vautl\` on this chain.
      Did you mean \`$vault\`?
    "
  `)
})

test('is a sentence, with hints', () => {
  const error = errorOf(() => compileRule('event Withdraw if asset > 5 and note > 1', { target: vault, names }))
  expect(error.message).toBe('`asset` is not known. (and 1 more)')
  expect(error.hints).toEqual(['Did you mean `assets`?'])
})

describe('words that are none', () => {
  test.each([
    'assets > 5 && assets < 9 || !true',
    'assets = 5',
    'assets > 5 AND true',
    'assets > 1.5e0',
    'assets > 10abc',
    'assets > 0x',
    'note == "open',
    'assets > 2 ^ 8',
    'assets > #5',
    `assets > 1e9999`,
  ])('%s', (condition) => {
    expect(wrong(condition)).toMatchSnapshot()
  })
})

describe('sentences that are none', () => {
  test.each([
    '',
    'assets >',
    'assets > 5 6',
    '1 < assets < 5',
    '(assets > 5',
    'order. > 5',
    'true == not false',
    'list[0 > 5',
    'in [1]',
    'assets in',
  ])('%s', (condition) => {
    expect(wrong(condition)).toMatchSnapshot()
  })

  test.each([
    '',
    'events Withdraw',
    'event',
    'event if true',
    'event Withdraw assets > 5',
    'reverted event Withdraw',
    'event Withdraw(address',
  ])('rule: %s', (rule) => {
    expect(caretOf(rule)).toMatchSnapshot()
  })
})

describe('values that do not fit', () => {
  test.each([
    'assets',
    'receiver == 5',
    'receiver > $vault',
    'assets + note > 5',
    'tx.input startsWith 0xabc',
    'tx.input contains "abc"',
    'not assets',
    'assets and true',
    'sig == 0xa9059c',
    'sig == "0xa9059cbb"',
    'receiver == 0x1234',
    'receiver == 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD',
    'order == 5',
    'order == order',
    'order.c == 5',
    'order[2] == 5',
    'list == 5',
    'list[order.b] == 5',
    'assets[0] == 5',
    'assets in [receiver]',
    'assets in 5',
    'assets in []',
    '[1, 2] == 5',
    'tx == 5',
    'tx.sender == receiver',
    'tx.status == "failed"',
    'assets / 0 > 1',
    'note matches note',
    'note matches "("',
    'list contains 5',
    'length(assets) > 5',
    'length() > 5',
    'sum(note) > 5',
    'min() > 5',
    'keccak(note) == 5',
    'assets > 5 == 3',
    'log.topics == 1',
  ])('%s', (condition) => {
    expect(wrong(condition)).toMatchSnapshot()
  })
})

describe('names that mean nothing', () => {
  test.each([
    'vault == receiver',
    'asets > 5',
    '$vlt == receiver',
    'total() > 5',
    'totalAsset() > 5',
    '$vault.totalAssets > 5',
    '$vault.nothing() > 5',
    'receiver.totalAssets() > 5',
    'totalAssets(5) > 5',
    'limitOf(5) > 5',
    'at(note) > 5',
    'at(1000) > 5',
    'limitOf(receiver, receiver) > 5',
    'withdraw(5) > 5',
    'at(totalAssets()) > 5',
    'before(assets) > 5',
    'before(totalAssets(), 5) > 5',
    '5(6) > 1',
  ])('%s', (condition) => {
    expect(wrong(condition)).toMatchSnapshot()
  })

  test.each(['event Withdrawal', 'event Swap', 'event Swap(bytes)', 'call totalAsets', 'event Foo'])(
    'rule: %s',
    (rule) => {
      expect(caretOf(rule)).toMatchSnapshot()
    },
  )

  test('a contract without ABI', () => {
    expect(caretOf('event Rebased if epoch > 5', token)).toMatchSnapshot()
    expect(caretOf('event Transfr', token)).toMatchSnapshot()
  })

  test('an expression about state knows no transaction', () => {
    expect(errorOf(() => compileExpression('tx.value > 5', { target: vault, names }, 'bool')).caret()).toMatchSnapshot()
    expect(
      errorOf(() => compileExpression('totalAssets()', { target: vault, names }, 'bool')).caret(),
    ).toMatchSnapshot()
  })
})

test('a rule has a length, a depth and a number of parts', () => {
  expect(wrong(`${'('.repeat(64)}true${')'.repeat(64)}`)).toMatch(/nests at most 64 deep/)
  expect(wrong(`${'not '.repeat(64)}true`)).toMatch(/nests at most 64 deep/)
  expect(wrong(`note matches "${'a'.repeat(257)}"`)).toMatch(/at most 256 characters/)
  const long = errorOf(() => compileRule(`event Withdraw if ${'true and '.repeat(600)}true`, { target: vault, names }))
  expect(long.message).toMatch(/at most 4096 characters/)
  const many = errorOf(() => compileRule(`event Withdraw if ${'1+'.repeat(1500)}1 > 0`, { target: vault, names }))
  expect(many.message).toMatch(/at most 1000 parts/)
})

test('a long line is shown around the problem', () => {
  const text = `event Withdraw if ${'assets > 5 and '.repeat(40)}asset > 5 ${'and assets > 5 '.repeat(40)}`
  const [line, mark] = errorOf(() => compileRule(text, { target: vault, names }))
    .caret()
    .split('\n')
  expect(line!.length).toBeLessThan(120)
  expect(line!.slice(mark!.indexOf('^'), mark!.lastIndexOf('^') + 1)).toBe('asset')
})

test('of very many problems the first are shown, and how many there are', () => {
  const error = errorOf(() => compileRule(`event Withdraw if ${'#'.repeat(1000)}`, { target: vault, names }))
  expect(error.problems).toHaveLength(1000)
  expect(error.caret().split('\n')).toHaveLength(2 * 20 + 1)
  expect(error.caret()).toMatch(/\n… and 980 more$/)
})
