import type { Hex } from '../model/chain.ts'

const [push1, push32] = [0x60, 0x7f]

/** Whether one of some instructions stands in the code, and not in what it pushes. What lies behind the code may look like one. */
export function hasOpcode(code: Hex, opcodes: ReadonlySet<number>): boolean {
  const bytes = Buffer.from(code.slice(2), 'hex')
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcodes.has(opcode)) return true
    if (opcode >= push1 && opcode <= push32) at += opcode - push1 + 1
  }
  return false
}
