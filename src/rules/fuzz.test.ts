import fc from 'fast-check'
import { parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { fuzz } from '../../test/harness/fuzz.ts'
import type { Value } from '../evm/abi/value.ts'
import type { Contract } from '../model/contract.ts'
import type { ReadResult } from '../model/read.ts'
import { compileExpression, compileRule, type Rule } from './compileRule.ts'
import { type Frame, Undecidable } from './frame.ts'
import { RuleError } from './ruleError.ts'
import type { Type } from './type.ts'

const abi = parseAbi([
  'event Moved(address from, uint256 amount, int24 tick, bool ok, string note, bytes4 sig, bytes data, uint8[] levels, (address maker, uint96[] prices) order)',
  'function totalAssets() view returns (uint256)',
  'function limitOf(address account) view returns (uint256 soft, string why)',
  'function probe(string note, bytes data, uint8[] levels, (address maker, uint96[] prices) order, int24 tick, bytes4 sig) view returns (bool)',
  'function rescue(address to, uint256 amount)',
])
const vault: Contract = { name: 'vault', chain: 'testnet', address: `0x${'11'.repeat(20)}`, role: 'protected', abi }
const environment = { target: vault, names: new Map([['vault', vault]]) }

const words =
  'event log call reverted transfer transaction if Moved rescue and or not in not_in matches contains startsWith endsWith == != < <= > >= + - * / % ( ) [ ] , . 0 1 7 1e18 1.5 2 ether 1_000 0x 0xff 0xa9059cbb 0x1111111111111111111111111111111111111111 "x" \'(a+)+$\' "[" true false from to value amount tick ok note sig data levels order order.maker order.prices args args[0] tx tx.from tx.status tx.selector log.address block.number $vault $nobody this this.balance totalAssets() limitOf(from) before( length( abs( min( max( sum( lower( keccak( && ! = ^ # \u202e \u{1F600} \\ "open'.split(
    ' ',
  )

const valid = [
  'event Moved if amount > 1_000e6 and from != $vault and (tick < 0 or not ok)',
  'event Moved if note matches "^[a-z]+(b|c)*$" or lower(note) contains "x" and sig == 0xa9059cbb',
  'event Moved if levels[tick] * 3 / (amount - 5) % 7 >= sum(levels) and order.prices[0] in [1, 2, amount]',
  'event Moved if limitOf(from).soft < before(totalAssets()) and this.balance > max(1 ether, abs(tick))',
  'event Moved if probe(note, data, levels, order, tick, sig) and probe("", 0x12, levels, order, -1, 0xa9059cbb)',
  'call rescue if to == $vault and amount > length(tx.input) and tx.status == "success"',
  'transfer if from == this and value >= 1.5 ether',
  'transaction if tx.selector == 0xdeadbeef and tx.fee > 1 gwei and block.timestamp % 1 days < 1 hours',
]

/** Conditions as the grammar makes them; most but not all are of the right types. */
const { truth } = fc.letrec<{ truth: string; integer: string; text: string }>((tie) => ({
  truth: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom('ok', 'true', 'from == $vault', 'sig == 0xa9059cbb', 'levels == []', 'from in [$vault, this]'),
    fc
      .tuple(tie('integer'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='))
      .chain(([left, operator]) => tie('integer').map((right) => `${left} ${operator} ${right}`)),
    fc
      .tuple(tie('text'), fc.constantFrom('==', 'contains', 'startsWith', 'endsWith', 'matches', 'in'), tie('text'))
      .map(([left, operator, right]) => `${left} ${operator} ${operator === 'in' ? `[${right}]` : right}`),
    fc.tuple(tie('truth'), fc.constantFrom('and', 'or', '=='), tie('truth')).map((parts) => `(${parts.join(' ')})`),
    tie('truth').map((of) => `not (${of})`),
    fc.tuple(tie('integer'), tie('integer')).map(([one, other]) => `${one} not in [${other}, 7]`),
    tie('integer').map((tick) => `probe(note, data, levels, order, ${tick}, sig)`),
  ),
  integer: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom('amount', 'tick', '0', '1', '7', '2 ether', '1_000e6', 'block.number', 'this.balance', 'levels[0]'),
    fc.constantFrom('totalAssets()', 'limitOf(from).soft', 'order.prices[tick]', 'length(note)', 'sum(levels)', '1e77'),
    fc
      .tuple(tie('integer'), fc.constantFrom('+', '-', '*', '/', '%'), tie('integer'))
      .map((parts) => `(${parts.join(' ')})`),
    tie('integer').map((of) => `-${of}`),
    fc
      .tuple(fc.constantFrom('min', 'max'), tie('integer'), tie('integer'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc.tuple(fc.constantFrom('abs', 'before', 'sum'), tie('integer')).map(([name, of]) => `${name}(${of})`),
    tie('integer').map((index) => `levels[${index}]`),
  ),
  text: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('note', '"x"', "'(a|b)*'", '""', 'limitOf(from).why', 'tx.status', '"\\\\"', 'data'),
    fc.string({ maxLength: 4 }).map((text) => JSON.stringify(text)),
    tie('text').map((of) => `lower(${of})`),
  ),
}))
const starts = fc.constantFrom('event Moved', 'call rescue', 'reverted call rescue', 'transaction', 'transfer')
const made = fc.tuple(
  fc
    .tuple(fc.oneof({ weight: 6, arbitrary: fc.constant('event Moved') }, starts), truth)
    .map((parts) => parts.join(' if ')),
  fc.array(fc.tuple(fc.nat(300), fc.nat(6), fc.constantFrom(...words)), { minLength: 1, maxLength: 2 }),
)

function damage(text: string, edits: readonly (readonly [at: number, cut: number, put: string])[]): string {
  return edits.reduce((damaged, [at, cut, put]) => damaged.slice(0, at) + put + damaged.slice(at + cut), text)
}

/** Null: it is wrong, and says so properly. */
function compile(text: string): Rule | null {
  try {
    return compileRule(text, environment)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    expect(error.caret().length).toBeLessThan(15_000)
    return null
  }
}

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`)
const integer = fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 255n), 2n ** 256n - 1n))

function valuesOf(type: Type): fc.Arbitrary<Value> {
  if (type.kind === 'integer') return integer
  if (type.kind === 'bool') return fc.boolean()
  if (type.kind === 'address') return hex(20)
  if (type.kind === 'bytes') return hex(type.size ?? 7)
  if (type.kind === 'array') return fc.array(valuesOf(type.of), { maxLength: 3 })
  if (type.kind === 'tuple') return fc.tuple(...type.fields.map((field) => valuesOf(field.type)))
  return fc.oneof(fc.string(), fc.constant('a'.repeat(20_000)))
}

const result: fc.Arbitrary<ReadResult> = fc.oneof(
  fc
    .integer({ min: 0, max: 200 })
    .chain((length) => hex(length).map((data) => ({ ok: true as const, data: data as `0x${string}` }))),
  fc
    .bigInt(0n, 2n ** 256n - 1n)
    .map((value) => ({ ok: true as const, data: `0x${value.toString(16).padStart(64, '0')}` as const })),
  fc.string().map((reason) => ({ ok: false as const, reverted: true, reason })),
)

const receiptless: Omit<Frame, 'args'> = {
  block: { number: 5, timestamp: 9, hash: '0x', parentHash: '0x', logsBloom: '0x' },
  log: null,
  transaction: null,
  receipt: null,
}
const transaction = {
  hash: `0x${'ab'.repeat(32)}` as const,
  index: 0,
  from: vault.address,
  to: null,
  value: 5n,
  input: '0x1234' as const,
  nonce: 9,
  gas: 21_000n,
}

/** Whatever the text is: a RuleError, or a rule that is judged without a throw. */
function judge(text: string): void {
  const rule = compile(text)
  if (rule) evaluateOften(rule)
}

function evaluateOften(rule: Rule): void {
  const args = fc.tuple(...rule.parameters.map(({ type }) => valuesOf(type)))
  for (const [values, answer, known] of fc.sample(fc.tuple(args, result, fc.boolean()), {
    numRuns: 5,
    seed: 20_261_123,
  })) {
    const frame: Frame = { ...receiptless, args: values, transaction: known ? transaction : null }
    const condition = rule.condition
    if (!condition) return
    condition.reads(frame)
    const said = condition.evaluate(frame, () => answer)
    expect(typeof said === 'boolean' || said instanceof Undecidable).toBe(true)
    condition.measure(frame, () => answer)
  }
}

const soup = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 25 })
  .map((list) => list.join(' ').replaceAll('_in', ' in'))

fuzz(
  'random words are refused with a RuleError or judged without a throw',
  2,
  fc.tuple(fc.constantFrom('', 'event Moved if ', 'call rescue if '), soup),
  ([start, text]) => judge(start + text),
)

const edit = fc.tuple(fc.nat(200), fc.nat(12), fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })))

fuzz(
  'damaged rules are refused with a RuleError or judged without a throw',
  2,
  fc.tuple(fc.constantFrom(...valid), fc.array(edit, { maxLength: 3 })),
  ([text, edits]) => judge(damage(text, edits)),
)

fuzz(
  'rules made by the grammar, right and damaged, are judged without a throw or refused',
  3,
  made,
  ([text, edits]) => {
    judge(text)
    judge(damage(text, edits))
  },
)

/** One piece again and again, up to and beyond what a rule may be long. */
const long = fc.tuple(
  fc.constantFrom('', 'event Moved if ', 'event Moved if note matches "', 'event Moved('),
  fc.oneof(
    fc.constantFrom(
      ...words,
      '((',
      '[[',
      '- ',
      'not ',
      ' == ',
      '\\"',
      "'",
      '(a+)+',
      '.*',
      '{9}',
      'sum(',
      '\n',
      '\u0300',
    ),
    fc.string({ maxLength: 4 }),
  ),
  fc.constantFrom(10, 70, 500, 2000, 5000, 50_000),
  fc.constantFrom('', '1', ')', '" ', ' == 1', ' matches "a"'),
)

fuzz(
  'long rules of one piece are refused with a RuleError or judged without a throw',
  3,
  long,
  ([start, piece, times, end]) => {
    judge(start + piece.repeat(times) + end)
  },
)

test('what the fuzzers make is often right', () => {
  const share = (rules: fc.Arbitrary<string>) =>
    fc.sample(rules, { numRuns: 300, seed: 1 }).filter(compile).length / 300
  expect(share(made.map(([text]) => text))).toBeGreaterThan(0.3)
  expect(share(soup.map((text) => `event Moved if ${text}`))).toBeGreaterThan(0)
})

test('the deepest and the longest rules are judged', () => {
  const frame: Frame = { ...receiptless, args: [] }
  const holds = (text: string) => compileExpression(text, environment, 'bool').evaluate(frame)
  expect(holds(`${'block.number+'.repeat(240)}0 == 1200`)).toBe(true)
  expect(holds(`block.number ${'- 1'.repeat(495)} < 0`)).toBe(true)
  expect(holds(`${'('.repeat(60)}block.number${')'.repeat(60)} == 5`)).toBe(true)
})

test('no pattern is expensive to compile or to match', () => {
  for (const pattern of [
    '(a+)+$',
    '((a{100}){100}){100}',
    '(x*)*y',
    '(.*){1000}',
    '[a-z]{1000}',
    'a?'.repeat(60) + 'a'.repeat(60),
  ]) {
    const rule = compile(`event Moved if note matches "${pattern}"`)
    const args: Value[] = [vault.address, 1n, 1n, true, 'a'.repeat(16_384), '0x', '0x', [], [vault.address, []]]
    rule?.condition?.evaluate({ ...receiptless, args })
  }
})
