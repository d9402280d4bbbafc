import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { plugIns } from '../../src/app/plugIns.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import { KnownError } from '../../src/model/error.ts'

export const secret = 'hunter2-hunter2-hunter2'
export const chains = 'chains:\n  mainnet: { id: 1, rpc: env:URL_A }\n'
export const contracts =
  'contracts:\n  vault: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", abi: ["event Withdraw(address indexed who, uint256 assets)"] }\n'
export const good = chains + contracts

/** A folder to write a config into, beside files that it may name. It is gone after the tests of the file. */
export function configScene() {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'no.json'), 'hello')
  writeFileSync(join(folder, 'other.json'), '[{"type":"event","name":"Paused"},{"type":"nonsense"}]')
  writeFileSync(join(folder, 'empty.txt'), '\n')
  writeFileSync(join(folder, 'secret.txt'), secret)

  /** All that is said about a config. The environment holds `URL_A` with a secret, and nothing else. */
  function said(text: string | Buffer): string {
    const path = join(folder, 'tocsin.yaml')
    writeFileSync(path, text)
    try {
      loadConfig(path, plugIns, { URL_A: `https://hooks.example/${secret}`, EMPTY: ' ' })
    } catch (error) {
      if (!(error instanceof KnownError)) throw error
      const words = error.message.replaceAll(/\S*tocsin\.yaml/g, 'tocsin.yaml')
      expect(words).not.toContain(secret)
      expect(words.length).toBeLessThan(20_000)
      return words
    }
    return 'nothing is wrong'
  }
  return { folder, said }
}
