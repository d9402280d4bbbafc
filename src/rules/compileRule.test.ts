import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbi, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account } from '../../test/harness/node/block.ts'
import type { Value } from '../evm/abi/value.ts'
import type { Contract } from '../model/contract.ts'
import type { ReadResult } from '../model/read.ts'
import { compileExpression, compileRule } from './compileRule.ts'
import { type Frame, type State, Undecidable } from './frame.ts'

const [vaultAddress, treasuryAddress, ana] = [1, 2, 3].map((n) => account(n * 0x1111)) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const abi = parseAbi([
  'event Moved(address from, uint256 amount, int24 tick, bool ok, string note, bytes4 sig, bytes data, uint8[] levels, (address maker, (uint96 price, string[] tags) terms) order, uint256)',
  'event Swap(address a)',
  'event Swap(address a, uint256 b)',
  'event Odd(uint256 block, address target, uint256 args)',
  'function totalAssets() view returns (uint256)',
  'function limitOf(address account) view returns (uint256)',
  'function limitOf(uint256 id) view returns (uint256)',
  'function slot0() view returns (uint160 price, int24 tick, bool unlocked)',
  'function signers() view returns (address[])',
  'function small(uint8 x) view returns (bool)',
  'function rescue(address to, uint256 amount)',
])
const vault: Contract = { name: 'vault', chain: 'testnet', address: vaultAddress, role: 'protected', abi }
const treasury: Contract = { name: 'treasury', chain: 'testnet', address: treasuryAddress, role: 'protected' }
const names = new Map([vault, treasury].map((contract) => [contract.name, contract]))

const args: Value[] = [
  ana,
  1_000_000n,
  -887_272n,
  true,
  'Hello "World"',
  '0xa9059cbb',
  '0xdeadbeef',
  [1n, 2n, 250n],
  [treasuryAddress, [79_228_162_514n, ['a', 'b']]],
  7n,
]
const transaction = {
  hash: `0x${'ab'.repeat(32)}` as const,
  index: 0,
  from: ana,
  to: null,
  value: 5n,
  input: '0x12345678aa' as const,
  nonce: 9,
  gas: 21_000n,
}
const frame: Frame = {
  args,
  block: { number: 100, timestamp: 1_700_000_000, hash: '0x', parentHash: '0x', logsBloom: '0x' },
  log: {
    address: vaultAddress,
    topics: [],
    data: '0x',
    logIndex: 0,
    position: 0,
    transactionHash: transaction.hash,
    transactionIndex: 0,
  },
  transaction,
  receipt: {
    transactionHash: transaction.hash,
    transactionIndex: 0,
    status: 'success',
    from: ana,
    to: null,
    contractAddress: null,
    gasUsed: 20_000n,
    effectiveGasPrice: 3n,
    logs: [],
  },
}

const judge = (condition: string, seen: Frame = frame, state?: State) =>
  compileRule(`event Moved if ${condition}`, { target: vault, names }).condition!.evaluate(seen, state)
const reasonOf = (condition: string, seen?: Frame, state?: State) => {
  const answer = judge(condition, seen, state)
  return answer instanceof Undecidable ? answer.reason : answer
}

describe('a condition is true', () => {
  test.each([
    'amount == 1_000_000',
    'amount == 1e6 and amount == 1.0e6 and amount == 0x0f4240',
    'amount > 999999 and amount >= 1000000 and not amount > 1000000 and amount <= 1000000 and amount != 1',
    'tick < 0 and tick == -887_272 and abs(tick) == 887272',
    '2 + 3 * 4 - 10 / 4 == 12',
    '(2 + 3) * 4 == 20 and -7 / 2 == -3 and -7 % 3 == -1 and - -7 == 7',
    '2 - 3 - 4 == -5 and 100 / 10 / 5 == 2',
    '1 ether == 1e18 and 1.5 gwei == 1500000000 and 2 hours == 7200 and 1 weeks == 7 days',
    'amount * 115792089237316195423570985008687907853269984665640564039457584007913129639935 > 1e80',
    'ok and not (not ok)',
    'false or ok',
    'true == ok',
    'not ok or amount > 5 and tick < 0',
    'from == 0x0000000000000000000000000000000000003333',
    'from != $treasury and from in [$treasury, 0x0000000000000000000000000000000000003333]',
    'from not in [$treasury, $vault] and not (from in [$treasury])',
    'amount in [1, 1e6] and 2 in levels and 9 not in levels',
    'log.address == this and this == $vault',
    'data startsWith 0xdead and data endsWith 0xef and data contains 0xadbe and sig contains 0x9c and tx.input startsWith 0x12345678',
    'not (data contains 0xeadb) and not (data startsWith 0xad) and not (data contains 0xdeadbeefdeadbeef)',
    'note == \'Hello "World"\' and note == "Hello \\"World\\""',
    'note contains "World" and note startsWith "Hell" and note endsWith \'"\'',
    'note matches "^Hello" and note matches "[Ww]or" and not (note matches "^World")',
    'note matches "\\bWorld\\b" and note matches "(?i)HELLO"',
    'lower(note) == "hello \\"world\\""',
    'sig == 0xa9059cbb and sig in [0x00000000, 0xA9059CBB]',
    'data == 0xdeadbeef and length(data) == 4 and length(note) == 13',
    'levels[0] == 1 and levels[length(levels) - 1] == 250 and length(levels) == 3',
    'min(levels) == 1 and max(levels) == 250 and sum(levels) == 253 and max(1, amount, 3) == 1e6',
    'order.maker == $treasury and order.terms.price == 79228162514 and order[0] == order.maker',
    'order.terms.tags[1] == "b" and "a" in order.terms.tags',
    'args[9] == 7 and args[1] == amount and args.amount == amount',
    'tx.index == 0 and tx.from == from and tx.value == 5 and tx.nonce == 9 and tx.gas == 21000',
    'tx.to == 0x0000000000000000000000000000000000000000',
    'tx.selector == 0x12345678 and length(tx.input) == 5',
    'tx.gasUsed == 20000 and tx.gasPrice == 3 gwei / 1e9 and tx.fee == 60000 and tx.status == "success"',
    `tx.hash == 0x${'ab'.repeat(32)}`,
    'block.number == 100 and block.timestamp > 1_600_000_000',
    `keccak("MINTER_ROLE") == ${keccak256(toHex('MINTER_ROLE'))}`,
    'from == 0X0000000000000000000000000000000000003333',
  ])('%s', (condition) => {
    expect(judge(condition)).toBe(true)
  })
})

describe('a condition has no answer', () => {
  test.each([
    ['levels[3] > 0', 'there is no [3] in a list of 3'],
    ['levels[tick] > 0', 'there is no [-887272] in a list of 3'],
    ['amount / (args[9] - 7) > 0', 'division by zero'],
    ['amount % (args[9] - 7) > 0', 'division by zero'],
    [
      `amount ${'* 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'.repeat(17)} > 0`,
      'a number of more than 4096 bits',
    ],
  ])('%s', (condition, reason) => {
    expect(reasonOf(condition)).toBe(reason)
  })

  test('where the transaction or its receipt is not known', () => {
    expect(reasonOf('tx.status == "success"', { ...frame, receipt: null })).toBe(
      'the receipt of the transaction is not known',
    )
    expect(reasonOf('tx.value > 1', { ...frame, transaction: null })).toBe('the transaction is not known')
  })

  test('where a string is longer than what is searched', () => {
    const long = { ...frame, args: args.with(4, `${' '.repeat(20_000)}evil`) }
    expect(reasonOf('note contains "evil"', long)).toBe('a string of more than 16384 characters')
    expect(reasonOf('note matches "evil"', long)).toBe('a string of more than 16384 characters')
    expect(reasonOf('lower(note) == "evil"', long)).toBe('a string of more than 16384 characters')
    expect(judge('length(note) > 16384', long)).toBe(true)
  })

  test('unless the rest decides it, on whichever side', () => {
    expect(judge('levels[3] > 0 and amount == 5')).toBe(false)
    expect(judge('amount == 5 and levels[3] > 0')).toBe(false)
    expect(judge('levels[3] > 0 or ok')).toBe(true)
    expect(judge('ok or levels[3] > 0')).toBe(true)
    expect(judge('not (levels[3] > 0 and not ok)')).toBe(true)
    expect(judge('levels[3] > 0 and ok')).toBeInstanceOf(Undecidable)
    expect(judge('not (levels[3] > 0)')).toBeInstanceOf(Undecidable)
  })
})

describe('state', () => {
  const word = (value: bigint) => encodeAbiParameters([{ type: 'uint256' }], [value])
  const answering =
    (data: ReadResult | `0x${string}`): State =>
    () =>
      typeof data === 'string' ? { ok: true, data } : data
  const conditionOf = (text: string) => compileRule(`event Moved if ${text}`, { target: vault, names }).condition!

  test('is asked for only where the rest does not decide', () => {
    expect(conditionOf('totalAssets() > 5 and amount == 5').reads(frame)).toEqual([])
    expect(conditionOf('totalAssets() > 5 or ok').reads(frame)).toEqual([])
    expect(conditionOf('amount == 1e6 and totalAssets() + $treasury.balance > 5 + limitOf(from)').reads(frame)).toEqual(
      [
        { at: 'block', kind: 'call', to: vaultAddress, data: '0x01e1d114' },
        { at: 'block', kind: 'balance', of: treasuryAddress },
        {
          at: 'block',
          kind: 'call',
          to: vaultAddress,
          data: encodeFunctionData({ abi, functionName: 'limitOf', args: [ana] }),
        },
      ],
    )
    expect(conditionOf('before(this.balance) > this.balance').reads(frame)).toMatchObject([
      { at: 'parent' },
      { at: 'block' },
    ])
    expect(conditionOf('totalAssets() > 1 and totalAssets() < 9').reads(frame)).toHaveLength(1)
    expect(conditionOf('amount > 5').readsState).toBe(false)
  })

  test('is decoded by the ABI', () => {
    const slot0 = encodeAbiParameters([{ type: 'uint160' }, { type: 'int24' }, { type: 'bool' }], [9n, -5, true])
    expect(judge('slot0().tick == -5 and slot0()[0] == 9 and slot0().unlocked', frame, answering(slot0))).toBe(true)
    const signers = encodeAbiParameters([{ type: 'address[]' }], [[ana]])
    expect(judge('from in $vault.signers() and length(signers()) == 1', frame, answering(signers))).toBe(true)
    expect(judge('$treasury.owner() == from', frame, answering(word(BigInt(ana))))).toBe(true)
    expect(judge('from.balance == 8', frame, answering(word(8n)))).toBe(true)
    expect(judge(`${ana}.balance == 8`, frame, answering(word(8n)))).toBe(true)
  })

  test('chooses overloads by the types of the arguments', () => {
    const selector = (text: string) =>
      conditionOf(text)
        .reads(frame)
        .map((read) => read.kind === 'call' && read.data.slice(0, 10))
    expect(selector('limitOf(from) > 1')).not.toEqual(selector('limitOf(amount) > 1'))
    expect(selector('limitOf(5) > 1')).toEqual(selector('limitOf(amount) > 1'))
  })

  test('has no answer where it cannot be read', () => {
    const failing = answering({ ok: false, reverted: true, reason: 'execution reverted: \u202Epaused\n' })
    expect(reasonOf('totalAssets() > 1', frame, failing)).toBe(
      'totalAssets() could not be read: execution reverted: [U+202E]paused',
    )
    expect(reasonOf('totalAssets() > 1', frame, answering('0x'))).toMatch(/gave what its ABI does not say/)
    expect(reasonOf('from.balance > 1', frame, answering('0x'))).toMatch(/gave no number/)
    expect(reasonOf('totalAssets() > 1')).toBe('it has not been read yet')
    expect(reasonOf('small(amount)')).toMatch(/^The arguments do not fit small\(uint8\)/)
  })

  test('shows what was compared', () => {
    const condition = conditionOf('totalAssets() * 2 > (amount + 1) and not small(1)')
    const measured = condition.measure(frame, (read) =>
      read.kind === 'call' && read.data === '0x01e1d114' ? { ok: true, data: word(3n) } : null,
    )
    expect(measured.map(({ text, value }) => [text, value])).toEqual([
      ['totalAssets()', 3n],
      ['totalAssets() * 2', 6n],
      ['(amount + 1)', 1_000_001n],
    ])
  })
})

describe('names', () => {
  test('of the ABI come before our own', () => {
    const { condition } = compileRule('event Odd if block == 5 and target == $vault and args == 6', {
      target: vault,
      names,
    })
    expect(condition?.evaluate({ ...frame, args: [5n, vaultAddress, 6n] })).toBe(true)
  })

  test('of overloaded events need their types', () => {
    const rule = compileRule('event Swap(address a, uint b) if b > 5', { target: vault, names })
    expect(rule.trigger).toMatchObject({ event: { signature: 'Swap(address,uint256)' } })
    expect(compileRule('event Swap ( address )', { target: vault, names }).trigger).toMatchObject({
      event: { signature: 'Swap(address)' },
    })
    const typed = compileRule(
      'event Moved(address,uint,int24,bool,string,bytes4,bytes,uint8[],(address,(uint96,string[])),uint)',
      { target: vault, names },
    )
    expect(typed.parameters).toHaveLength(10)
  })

  test('of the standards are known without an ABI', () => {
    const parametersOf = (text: string, kind?: string) =>
      compileRule(text, { target: { ...treasury, ...(kind && { kind }) }, names }).parameters.map(({ name }) => name)
    expect(parametersOf('event Transfer if value > 5')).toEqual(['from', 'to', 'value'])
    expect(parametersOf('event Transfer if tokenId == 5', 'erc721')).toEqual(['from', 'to', 'tokenId'])
    expect(parametersOf('event Upgraded')).toEqual(['implementation'])
    expect(parametersOf('event RoleGranted if role == keccak("MINTER")')).toEqual(['role', 'account', 'sender'])
    expect(parametersOf('call transferOwnership if newOwner != $vault')).toEqual(['newOwner'])
    expect(compileRule('event Upgraded', { target: vault, names }).parameters).toHaveLength(1)
    expect(() => compileRule('event Paused', { target: vault, names })).toThrow(/no event `Paused`/)
  })
})

describe('an expression about state', () => {
  test('may be of integers', () => {
    const expression = compileExpression('totalAssets() + block.number', { target: vault, names }, 'integer')
    const state: State = () => ({ ok: true, data: `0x${'0'.repeat(63)}5` })
    expect(expression.evaluate({ ...frame, args: [] }, state)).toBe(105n)
  })
})
