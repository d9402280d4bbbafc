import { type Hex, keccak256, parseSignature, serializeSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { account, call, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import { replayedSignature } from '../replayedSignature.ts'

const [desk, ana, dollar] = [account(0x1111), account(0x2222), account(0x3333)]
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const signature = await privateKeyToAccount(keccak256(toHex('operator'))).signMessage({ message: 'pay' })

/** The other signature of the same key for the same message, which everybody can make of it. */
function turned(): Hex {
  const { r, s, yParity } = parseSignature(signature)
  return serializeSignature({ r, s: toHex(order - BigInt(s), { size: 32 }), yParity: 1 - yParity })
}

const asBytes = (of: Hex, amount: bigint) =>
  call('function redeem(address to, uint256 amount, bytes signature)', [ana, amount, of])
const asWords = (of: Hex, amount: bigint) => {
  const { r, s, v } = parseSignature(of)
  return call('function redeem(uint8 v, bytes32 r, bytes32 s, uint256 amount)', [Number(v), r, s, amount])
}

function paidTwice(first: Hex, second: Hex) {
  const world = new World().holds(dollar, desk, 1_000n).settle()
  const watch = scene(replayedSignature, [contract('desk', desk)], { world })
  const [, claims] = [first, second].map((input, index) => {
    world.holds(dollar, desk, 950n - 50n * BigInt(index))
    const logs = [transferLog(dollar, { from: desk, to: ana, value: 50n })]
    return watch.see({ transactions: [tx({ from: ana, to: desk, input, logs })] }).claims
  })
  return claims!.map(({ severity, evidence }) => [severity ?? replayedSignature.severity, evidence])
}

test.each([asBytes, asWords])('a signature that was turned around pages as itself does', (written) => {
  expect(paidTwice(written(signature, 50n), written(turned(), 50n))).toEqual([['high', 'hard']])
  expect(paidTwice(written(signature, 50n), written(turned(), 70n))).toEqual([['medium', 'soft']])
})
