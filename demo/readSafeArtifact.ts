import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Abi, Hex } from 'viem'
import { KnownError } from '../src/model/error.ts'

const folder = 'build/artifacts/contracts'
const places = {
  Safe: 'Safe.sol/Safe.json',
  SafeProxyFactory: 'proxies/SafeProxyFactory.sol/SafeProxyFactory.json',
  CompatibilityFallbackHandler: 'handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json',
  MultiSend: 'libraries/MultiSend.sol/MultiSend.json',
  MultiSendCallOnly: 'libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json',
  SignMessageLib: 'libraries/SignMessageLib.sol/SignMessageLib.json',
  CreateCall: 'libraries/CreateCall.sol/CreateCall.json',
}

/** A contract of Safe 1.4.1 out of its npm package. It is read where it lies: its licence (LGPL) is not ours. */
export function readSafeArtifact(name: keyof typeof places): { abi: Abi; bytecode: Hex; deployedBytecode: Hex } {
  try {
    const manifest = createRequire(import.meta.url).resolve('@safe-global/safe-contracts/package.json')
    return JSON.parse(readFileSync(join(dirname(manifest), folder, places[name]), 'utf8'))
  } catch (cause) {
    throw new KnownError(
      'unavailable',
      `The package @safe-global/safe-contracts has no ${name}, which the demo needs.`,
      {
        cause,
        hints: ['Run `npm ci` without `--omit=dev`: the demo and the tests stand on development packages.'],
      },
    )
  }
}
