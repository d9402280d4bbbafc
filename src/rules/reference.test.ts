import { readFileSync } from 'node:fs'
import { parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account } from '../../test/harness/node/block.ts'
import { standardAbi } from '../evm/abi/standardAbis.ts'
import type { Contract } from '../model/contract.ts'
import { compileExpression, compileRule } from './compileRule.ts'
import { limits } from './limits.ts'

const reference = readFileSync('docs/reference/rules.md', 'utf8')
const examplesOf = (kind: string) =>
  [...reference.matchAll(new RegExp(`\`\`\`${kind}\n([^\`]*)\`\`\``, 'g'))].flatMap(([, text]) =>
    text!.trim().split('\n'),
  )

const ownAbi = parseAbi([
  'struct Terms { uint96 price }',
  'struct Order { address maker; Terms terms }',
  'event Swap(address sender, uint256 amountIn, uint256 amountOut)',
  'event Swap(address indexed sender, int256 amount, uint160 price, int24 tick)',
  'event Borrow(address account, uint256 amount)',
  'event Posted(string note)',
  'event Filled(Order order)',
  'function setFee(uint256 newFee)',
  'function execute(address target, bytes data)',
  'function healthOf(address account) view returns (uint256 factor, bool safe)',
  'function guardians() view returns (address[])',
])
const oracleAbi = parseAbi([
  'function latestAnswer() view returns (int256)',
  'function latestRound() view returns (int256 answer, uint256 updatedAt)',
])
const contractOf = (name: string, number: number, own?: Contract['abi']): Contract => ({
  name,
  chain: 'mainnet',
  address: account(number),
  role: 'protected',
  ...(own && { abi: own }),
})
const vault = contractOf('vault', 1, [...standardAbi('erc4626'), ...ownAbi])
const contracts = [vault, contractOf('treasury', 2), contractOf('token', 3), contractOf('oracle', 4, oracleAbi)]
const environment = { target: vault, names: new Map(contracts.map((contract) => [contract.name, contract])) }

describe('the reference of the rules', () => {
  test('has examples', () => {
    expect(examplesOf('rule').length).toBeGreaterThan(12)
    expect(examplesOf('invariant').length).toBeGreaterThan(4)
  })

  test.each(examplesOf('rule'))('%s', (text) => {
    expect(compileRule(text, environment).target).toBe(vault)
  })

  test.each(examplesOf('invariant'))('%s', (text) => {
    expect(compileExpression(text, environment, 'bool').readsState).toBe(true)
  })

  test('tells the limits as they are', () => {
    for (const limit of Object.values(limits)) expect(reference).toContain(`| ${limit.toLocaleString('en')} |`)
  })
})
