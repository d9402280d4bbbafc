import { describe, expect, test } from 'vitest'
import type { Hex } from '../../model/chain.ts'
import { ipfsDigest } from '../find/ipfsDigest.ts'
import { codeMetadata } from './codeMetadata.ts'

const digest = 'ab'.repeat(32)
const text = (word: string) => (0x60 + word.length).toString(16) + Buffer.from(word).toString('hex')
/** Code that ends with this CBOR. */
const code = (cbor: string, length = cbor.length / 2): Hex => `0x6001${cbor}${length.toString(16).padStart(4, '0')}`
const usual = `a2${text('ipfs')}58221220${digest}${text('solc')}43000814`

describe('what the compiler wrote behind the code', () => {
  test('is its version and the hash of the metadata', () => {
    expect(codeMetadata(code(usual))).toEqual({ compiler: '0.8.20', ipfs: digest })
    const experimental = `a3${text('ipfs')}58221220${digest}${text('experimental')}f5${text('solc')}43000814`
    expect(codeMetadata(code(experimental))).toEqual({ compiler: '0.8.20', ipfs: digest })
    expect(codeMetadata(code(`a1${text('solc')}43000800`))).toEqual({ compiler: '0.8.0', ipfs: null })
    expect(codeMetadata(code(`a1${text('bzzr0')}5820${digest}`))).toEqual({ compiler: null, ipfs: null })
  })

  test('is nothing where there is none, or what is there is no such map', () => {
    const wrong: Hex[] = [
      '0x',
      '0x6001',
      code(''),
      code(usual, 3),
      code(usual, 0xffff),
      code(usual.slice(0, -2)),
      code(`${usual}00`),
      code(`b8ff${usual}`),
      code(`a1${text('ipfs')}5affffffff`),
      code(`a1${text('solc')}${'a1'.repeat(200)}`),
      `0x${'60'.repeat(24_000)}`,
    ]
    expect(wrong.map(codeMetadata)).toEqual(wrong.map(() => null))
  })
})

/** Told by `ipfs add --only-hash` for the texts: the two best-known of these hashes. */
test('a file has the hash that IPFS knows it by', () => {
  expect(ipfsDigest(Buffer.from('hello world\n'))).toBe(base58('QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'))
  expect(ipfsDigest(new Uint8Array())).toBe(base58('QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'))
  expect(ipfsDigest(new Uint8Array(262_145))).toBeNull()
})

/** SHA-256 in a CIDv0. */
function base58(cid: string): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  const value = [...cid].reduce((sum, letter) => sum * 58n + BigInt(alphabet.indexOf(letter)), 0n)
  return value.toString(16).slice(-64)
}
