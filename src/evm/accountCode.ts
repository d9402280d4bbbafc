import type { Address, Hex } from '../model/chain.ts'

/** Whose code an account lets run for it (ERC-7702). */
export function delegateOf(code: Hex): Address | undefined {
  return code.length === 48 && code.startsWith('0xef0100') ? `0x${code.slice(8)}` : undefined
}

/** An account of a key: it has no code, or lets that of a contract run for it, and its key signs for it all the same. */
export const isPlainAccount = (code: Hex): boolean => code === '0x' || delegateOf(code) !== undefined
