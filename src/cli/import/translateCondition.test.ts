import { parseAbiItem } from 'viem'
import { describe, expect, test } from 'vitest'
import { NotCarried } from './notCarried.ts'
import type { Dialect } from './sourceMonitor.ts'
import { translateCondition } from './translateCondition.ts'
import { parametersOf, transactionVariables } from './variables.ts'

const item = parseAbiItem(
  'event All(address who, uint256 amount, int8 level, bool ok, string note, bytes data, bytes32 id, bytes4 sel, address[] list, uint256[2] pair, string[] tags, (address maker, (uint96 price, bool open) terms) order, (uint256 a)[] orders, string indexed topic, uint256 not, uint256)',
)
if (item.type !== 'event') throw new Error('no event')
const who = '0x00000000000000000000000000000000000000aB'
const lower = who.toLowerCase()

const oz = (source: string) => translateCondition(source, parametersOf(item, 'oz'), 'oz')
const refusal = (source: string, dialect: Dialect = 'oz', variables = parametersOf(item, dialect)) => {
  try {
    return translateCondition(source, variables, dialect).text
  } catch (error) {
    if (!(error instanceof NotCarried)) throw error
    return `${error.wasDead ? 'dead: ' : ''}${[error.message, ...error.hints].join(' ')}`
  }
}

describe('a condition of OpenZeppelin Monitor', () => {
  test.each([
    ['amount>100', 'amount > 100'],
    ['amount >= 0x64 AND level < -5', 'amount >= 100 and level < -5'],
    ["amount == '100' or (level != +3 and ok == true)", 'amount == 100 or (level != 3 and ok)'],
    ['(amount > 1 AND (level > 2 OR level < 1)) AND ok == false', 'amount > 1 and (level > 2 or level < 1) and not ok'],
    ['amount > 1 AND level > 2 OR ok != true', '(amount > 1 and level > 2) or not (ok)'],
    [`who == ${who}`, `who == ${lower}`],
    [`who != '${who.slice(2)}'`, `who != ${lower}`],
    ['note == Hello', 'lower(note) == "hello"'],
    [`note CONTAINS 'say "Hi"'`, 'lower(note) contains "say \\"hi\\""'],
    [
      "note starts_with 'a and b' AND note ends_with \"it's\"",
      'lower(note) startsWith "a and b" and lower(note) endsWith "it\'s"',
    ],
    ['data starts_with 0xA9059CBB', 'data startsWith 0xa9059cbb'],
    ["data contains 'beef'", 'data contains 0xbeef'],
    ['data contains 0xbeef', 'data startsWith 0xbeef'],
    ["data == '0x'", 'length(data) == 0'],
    [`id != 0x${'AB'.repeat(32)}`, `id != 0x${'ab'.repeat(32)}`],
    [`list contains ${who}`, `${lower} in list`],
    ['tags contains urgent', '"urgent" in tags'],
    ['list[0] == 0x00000000000000000000000000000000000000ab', 'list[0] == 0x00000000000000000000000000000000000000ab'],
    [`list == '[${who}, "${who}"]'`, `(length(list) == 2 and list[0] == ${lower} and list[1] == ${lower})`],
    ["list != '[]'", 'length(list) != 0'],
    [`order contains ${who}`, `order.maker == ${lower}`],
    ['order contains true', 'order.terms.open'],
    [`order != '(${who},(7,true))'`, `not (order.maker == ${lower} and order.terms.price == 7 and order.terms.open)`],
    ['not > 5', 'args[14] > 5'],
  ])('%s', (source, text) => {
    expect(oz(source)).toEqual({ text, deadBecause: [] })
  })

  test.each([
    ['sel == 0xa9059cbb', 'sel == 0xa9059cbb', '`sel` is of type bytes4'],
    ['pair[1] > 5', 'pair[1] > 5', '`pair` is of type uint256[2]'],
    ['order.terms.price > 5', 'order.terms.price > 5', 'cannot look into a tuple'],
    ['amount > 1e18', 'amount > 1000000000000000000', '`1e18` is no number'],
    ['amount > 1_000', 'amount > 1000', '`1_000` is no number'],
    ["ok == 'true'", 'ok', '`ok` is compared with a text'],
    ["topic == 'Weather'", 'topic == keccak("Weather")', 'holds the hash and not the text'],
    ['data starts_with a9059cbb', 'data startsWith 0xa9059cbb', 'begins with 0x there'],
  ])('failed each time there, and is clear: %s', (source, text, reason) => {
    expect(oz(source)).toEqual({ text, deadBecause: [expect.stringContaining(reason)] })
  })

  test.each([
    ['amont > 5', 'dead: There is no parameter `amont`. Did you mean `amount`?'],
    ['0 > 5', 'dead: There is no parameter `0`. Parameters of EVM chains go by name.'],
    ['order.terms.prise > 5', 'dead: There is no `prise` in `order.terms`. Did you mean `price`?'],
    ['amount.x > 5', 'dead: There is no `x` in `amount`.'],
    ['amount > many', 'dead: `many` is no integer.'],
    ['amount == 1.5', 'dead: `amount` is an integer and can never be `1.5`.'],
    ['who == 171', 'dead: `who` is an address and can never be `171`.'],
    ['who > 0x00000000000000000000000000000000000000ab', 'dead: `>` compares integers, and `who` is an address.'],
    ['amount contains 5', 'dead: `contains` looks for a part of a text, and `amount` is an integer.'],
    ['id == 0xab', 'dead: `id` is bytes and can never be `0xab`.'],
    ['order contains nobody', 'dead: Nothing in `order` can be `nobody`.'],
    [
      'orders contains 5',
      'Our rules cannot look through a list of lists or tuples. Compare the items that matter, such as `orders[0].maker`.',
    ],
    ['data contains 0xabc', '`0xabc` ends within a byte; our rules look for whole bytes.'],
    ['amount', 'dead: `amount` stands alone and is not true or false.'],
    ['amount > 5 AND', 'dead: The condition `amount > 5 AND` breaks off.'],
    ['amount > 5 6', 'dead: The condition cannot be read from `6` on.'],
    ["note == 'open", "dead: The condition cannot be read from `'open` on."],
    ['amount + 1 > 5', 'dead: The condition cannot be read from `+ 1 > 5` on.'],
    [`${'('.repeat(100)}ok == true`, 'dead: A condition of more than 60 brackets within each other.'],
    [`${'ok == true AND '.repeat(400)}ok == true`, 'dead: A condition of 6010 characters.'],
  ])('is not carried: %s', (source, words) => {
    expect(refusal(source)).toBe(words)
  })
})

test.each([
  ['a twice > 5', [{ name: 'twice' }, { name: 'twice' }], 'args[0] > 5'],
  ['args', [{ name: 'args' }], 'args > 5'],
  ['hidden', [{ name: 'args' }, { name: 'or' }], 'A parameter is called `args`, which hides the way to `or`.'],
])('a parameter that a rule cannot name by its name: %s', (_, names, words) => {
  const inputs = names.map(({ name }) => ({ name, type: 'uint256' }))
  const variables = parametersOf({ type: 'event', name: 'Odd', inputs }, 'oz')
  expect(refusal(`${names.at(-1)!.name} > 5`, 'oz', variables)).toBe(words)
})

test.each([
  ['value > 5 AND from == 0x00000000000000000000000000000000000000ab', `tx.value > 5 and tx.from == ${lower}`],
  [
    'gas_used > 1 AND gas_price > 2 AND gas_limit > 3 AND nonce == 0',
    'tx.gasUsed > 1 and tx.gasPrice > 2 and tx.gas > 3 and tx.nonce == 0',
  ],
  [`hash == 0x${'cd'.repeat(32)} OR transaction_index == 0`, `tx.hash == 0x${'cd'.repeat(32)} or tx.index == 0`],
  ["input starts_with '0xa9059cbb'", 'tx.input startsWith 0xa9059cbb'],
  ['max_fee_per_gas > 5', 'Our rules do not know `max_fee_per_gas`; `tx.gasPrice` is what was paid.'],
  ['gasUsed > 5', 'dead: There is no parameter `gasUsed`. Did you mean `gas_used`?'],
])('a condition about the transaction: %s', (source, words) => {
  expect(refusal(source, 'oz', transactionVariables('oz'))).toBe(words)
})

test.each([
  ['$0 == 0x00000000000000000000000000000000000000ab AND $15 > 5', `who == ${lower} and args[15] > 5`],
  ['NOT(amount > 5) OR NOT ok', 'not (amount > 5) or not (ok)'],
  ['amount * 2 - level / 3 >= 5 * 10^18', '((amount * 2) - (level / 3)) >= (5 * 1000000000000000000)'],
  ['100 < amount', 'amount > 100'],
  ['(amount + 1) > level AND amount == level', '(amount + 1) > level and amount == level'],
  ['order.terms.price > 5 AND sel == 0xa9059cbb', 'order.terms.price > 5 and sel == 0xa9059cbb'],
  ['amount ^ level > 5', 'Our rules have no power `^` of what is not written out.'],
  ['2^9999 > amount', 'Our rules have no power `^` of what is not written out.'],
  [
    'gasUsed > 5',
    'dead: There is no parameter `gasUsed`. There is who, $0, amount, $1, level, $2, ok, $3, note, $4, data, $5.',
  ],
])('a condition of Defender: %s', (source, words) => {
  expect(refusal(source, 'defender')).toBe(words)
})
