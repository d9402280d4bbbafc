import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { readArtifact } from '../../../../demo/artifact.ts'
import type { Hex } from '../../../model/chain.ts'
import { entriesOf, receiversIn } from './entriesOf.ts'

describe('entries of a contract', () => {
  test.each(['AcmeVault', 'BankRobber', 'TimelockController', 'AcmeGovernor'])(
    'all functions of %s, from both its codes',
    (name) => {
      const { abi, bytecode, deployedBytecode } = readArtifact(name)
      const own = abi.flatMap((item) => (item.type === 'function' ? [toFunctionSelector(item)] : []))
      for (const code of [bytecode, deployedBytecode]) {
        const found = entriesOf(code)
        expect(found).toEqual(expect.arrayContaining(own.slice(0, 64)))
        // Constants that are compared with something else are few.
        expect(found.length).toBeLessThan(own.length + 8)
      }
    },
  )

  test('with leading zeros, and by other compilers; not what it calls elsewhere', () => {
    // DUP1 PUSH3 EQ · PUSH4 XOR · DUP2 PUSH4 SUB · PUSH4 PUSH1 e0 SHL
    expect(entriesOf('0x80620102031463a1b2c3d418816311223344036344556677 60e01b'.replace(' ', '') as Hex)).toEqual([
      '0x00010203',
      '0xa1b2c3d4',
      '0x11223344',
    ])
  })

  test('callbacks last', () => {
    const callback = toFunctionSelector('onFlashLoan(address,address,uint256,uint256,bytes)')
    expect(entriesOf(`0x63${callback.slice(2)}1463a1b2c3d414`)).toEqual(['0xa1b2c3d4', callback])
  })

  test('of nothing, of half a push, and at most 64 of them', () => {
    expect([entriesOf('0x'), entriesOf('0x63aa'), entriesOf('0x7f00')]).toEqual([[], [], []])
    const many = Array.from({ length: 500 }, (_, n) => `63${(0xaa000000 + n).toString(16)}14`).join('')
    expect(entriesOf(`0x${many}`)).toHaveLength(64)
  })
})

test('receivers are constants of the code and what the constructor is handed', () => {
  const [constant, handed] = ['11'.repeat(20), '22'.repeat(20)]
  const small = '5'.padStart(64, '0')
  expect(receiversIn(`0x73${constant}5073${'f'.repeat(40)}50${'0'.repeat(24)}${handed}${small}`)).toEqual([
    `0x${handed}`,
    `0x${constant}`,
  ])
})
