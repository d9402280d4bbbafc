import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress } from 'viem/utils'
import type { Address } from '../../model/chain.ts'
import { KnownError } from '../../model/error.ts'

/** Where the metadata of verified contracts lies, in the layout of Sourcify: a folder or a server. */
export type SourceRepository = {
  /** The metadata.json of a contract; null where it has none. @throws {KnownError} It cannot be asked. */
  find(chainId: number, address: Address): Promise<Uint8Array | null>
}

const fileBytesMax = 2 * 1024 * 1024
const timeoutMs = 10_000

/**
 * @param where Path of a folder, or an http(s) URL; in it lies `contracts/full_match/CHAIN/ADDRESS/metadata.json`.
 * @throws {KnownError} There is no such folder.
 */
export function sourceRepository(where: string): SourceRepository {
  const isRemote = /^https?:\/\//.test(where)
  if (!isRemote && !existsSync(where)) throw new KnownError('not_found', `There is no folder ${where} with sources.`)
  const read = isRemote ? readRemote : readLocal
  return {
    async find(chainId, address) {
      for (const match of ['full_match', 'partial_match'])
        for (const written of [getAddress(address), address]) {
          const path = `contracts/${match}/${chainId}/${written}/metadata.json`
          const file = await read(isRemote ? `${where.replace(/\/$/, '')}/${path}` : join(where, path))
          if (file) return file
        }
      return null
    },
  }
}

async function readLocal(path: string): Promise<Uint8Array | null> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    if (size > fileBytesMax) throw tooLarge(path)
    return await file.readFile()
  } catch (cause) {
    if (cause instanceof KnownError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new KnownError('unavailable', `${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
}

async function readRemote(url: string): Promise<Uint8Array | null> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    if (response.status === 404) return null
    if (!response.ok) throw new KnownError('unavailable', `${url} answered with HTTP status ${response.status}.`)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > fileBytesMax) throw tooLarge(url)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    if (cause instanceof KnownError) throw cause
    throw new KnownError('unavailable', `${url} cannot be read.`, {
      hints: ['Check --sources: a folder or a server in the layout of Sourcify.'],
      cause,
    })
  }
}

const tooLarge = (where: string) =>
  new KnownError('invalid', `${where} has more than ${fileBytesMax / 1024 / 1024} MiB, which no metadata has.`)
