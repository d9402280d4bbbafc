import { keccak256 } from 'viem/utils'
import type { Hex } from '../../model/chain.ts'

const [push1, push32] = [0x60, 0x7f]

/** The code of UniswapV3Pool in @uniswap/v3-core, without its metadata and with nothing in its words. */
const ofUniswap: Hex = '0x85b4c129d36908937dd5627eb048b73ee4b1513b891637a8dd86a192178d6a39'

/**
 * Whether a contract runs the very code of Uniswap's v3 pools, which pays out against what comes in and to the owners of
 * its positions only. Each pool has its own tokens and factory in its code, as words, which are left out. A fork with one
 * instruction more is another contract.
 */
export function isUniswapPool(codes: readonly Hex[]): boolean {
  return codes.length === 1 && keccak256(`0x${withoutWords(codes[0]!)}`) === ofUniswap
}

/** Largest code that the chain lets be; more is not looked at. */
const sizeMax = 24_576

function withoutWords(code: Hex): string {
  const bytes = Buffer.from(code.slice(2, 2 + 2 * sizeMax), 'hex')
  // The last two bytes say how long the metadata before them are.
  const metadata = bytes.length > 2 ? bytes.readUInt16BE(bytes.length - 2) + 2 : 0
  const own = bytes.subarray(0, Math.max(0, bytes.length - metadata))
  for (let at = 0; at < own.length; at++) {
    const opcode = own[at]!
    if (opcode < push1 || opcode > push32) continue
    if (opcode === push32) own.fill(0, at + 1, Math.min(at + 33, own.length))
    at += opcode - push1 + 1
  }
  return own.toString('hex')
}
