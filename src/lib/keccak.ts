import { createKeccak } from 'hash-wasm'

const hasher = await createKeccak(256)

/** Keccak-256 of bytes, 32 bytes long. In WebAssembly: whole blocks are hashed, which viem's takes 15 times as long for. */
export function keccak(bytes: Uint8Array): Uint8Array {
  return hasher.init().update(bytes).digest('binary')
}
