import { basename } from 'node:path'
import type { ChainConfig } from '../config/config.ts'
import { readTextFile } from '../config/readTextFile.ts'
import { readRecording } from '../evm/recording/readRecording.ts'
import { recordedTransport } from '../evm/recording/recordedTransport.ts'
import { type Recording, recordingBytesMax } from '../evm/recording/recording.ts'
import { type ChainClient, createChainClient } from '../evm/rpc/chainClient.ts'
import { createProviderOver } from '../evm/rpc/provider.ts'
import { createVerifier } from '../evm/verify/createVerifier.ts'
import { KnownError } from '../model/error.ts'

/**
 * A recording of a chain out of a file.
 * @throws {KnownError} There is none, or it cannot be read.
 */
export function openRecording(path: string): Recording & {
  /** The client of that chain, which reads, checks and proves what it is told like any other. */
  client(chain: Pick<ChainConfig, 'verify' | 'headerFields'>): ChainClient
} {
  const read = readTextFile(path, recordingBytesMax)
  if ('fault' in read) {
    throw new KnownError('not_found', `The recording ${path} ${read.fault}.`, {
      hints: ['Make one with `tocsin record --from N --to M`, or name another file.'],
    })
  }
  const name = basename(path)
  const recording = readRecording(read.text, name)
  const served = { host: name, secrets: [], chainId: recording.chainId, timeoutMs: 15_000 }
  return {
    ...recording,
    client: ({ verify: mode, headerFields }) =>
      createChainClient(
        [createProviderOver(recordedTransport(recording), served)],
        createVerifier({ mode, headerFields }),
      ),
  }
}
