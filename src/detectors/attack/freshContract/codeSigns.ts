import type { Abi } from 'viem'
import { toFunctionSelector } from 'viem/utils'
import type { Hex } from '../../../model/chain.ts'
import { callbackSelectors } from '../selectors.ts'

/** What speaks for it that a new contract is made for an attack, with its weight in points. */
export type CodeSign = { sign: string; points: number }

const [origin, log0, log4, selfdestruct, push1, push4, push32] = [0x32, 0xa0, 0xa4, 0xff, 0x60, 0x63, 0x7f]

/** Names by which value is put in and taken out of contracts whose ABI nobody gave. */
const usualFunctions = [
  ...['withdraw()', 'withdraw(uint256)', 'withdraw(uint256,address,address)', 'redeem(uint256)'],
  ...['redeem(uint256,address,address)', 'deposit()', 'deposit(uint256)', 'deposit(uint256,address)'],
  ...[
    'borrow(uint256)',
    'borrow(address,uint256,uint256,uint16,address)',
    'liquidationCall(address,address,address,uint256,bool)',
  ],
  ...[
    'claim()',
    'exit()',
    'stake(uint256)',
    'unstake(uint256)',
    'mint(uint256)',
    'burn(uint256)',
    'skim(address)',
    'sync()',
  ],
  ...['swap(uint256,uint256,address,bytes)', 'flashLoan(address,address,uint256,bytes)', 'burn(address)'],
].map((signature) => toFunctionSelector(`function ${signature}`))

/** Selectors of the functions by which a contract can be changed, as far as its ABI is known; else the usual ones. */
export function changingSelectors(abis: readonly (Abi | undefined)[]): Set<Hex> {
  const known = abis.flatMap((abi) =>
    (abi ?? []).flatMap((item) =>
      item.type === 'function' && item.stateMutability !== 'view' && item.stateMutability !== 'pure'
        ? [toFunctionSelector(item)]
        : [],
    ),
  )
  return new Set([...known, ...usualFunctions])
}

/** Pure reading of creation code, which holds the code that it leaves behind. Data in it may be taken for code. */
export function codeSignsOf(code: Hex, changing: ReadonlySet<Hex>): CodeSign[] {
  const bytes = Buffer.from(code.slice(2), 'hex')
  const opcodes = new Set<number>()
  const selectors = new Set<Hex>()
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    opcodes.add(opcode)
    if (opcode < push1 || opcode > push32) continue
    if (opcode === push4) selectors.add(`0x${bytes.toString('hex', at + 1, at + 5)}`)
    at += opcode - push1 + 1
  }
  const logs = Array.from({ length: log4 - log0 + 1 }, (_, place) => log0 + place)
  const signs: [boolean, string, number][] = [
    [[...selectors].some((each) => callbackSelectors.has(each)), 'it can take a flash loan', 25],
    [[...selectors].some((each) => changing.has(each)), 'it calls functions that move value', 15],
    [opcodes.has(origin), 'it looks at who sent the transaction', 10],
    [!logs.some((each) => opcodes.has(each)), 'it tells of nothing by events', 10],
    [opcodes.has(selfdestruct), 'it can destroy itself', 5],
  ]
  return signs.flatMap(([isSo, sign, points]) => (isSo ? [{ sign, points }] : []))
}
