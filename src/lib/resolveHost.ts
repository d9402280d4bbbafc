import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { KnownError } from '../model/error.ts'
import { isPublicAddress } from './isPublicAddress.ts'

/**
 * Resolves a host once and hands back the lookup to connect with, which knows the checked addresses only: a name that
 * changes its mind between the check and the connection gains nothing.
 *
 * @param host A name, or an IP address without brackets.
 * @throws {KnownError} It has no address (retryable), or none outside our own network (`forbidden`).
 */
export async function resolveHost(host: string, { allowPrivate }: { allowPrivate: boolean }): Promise<LookupFunction> {
  const found = await lookup(host, { all: true }).catch((cause) => {
    throw new KnownError('unavailable', `The name ${host} could not be resolved.`, { cause, retryable: true })
  })
  const addresses = allowPrivate ? found : found.filter(({ address }) => isPublicAddress(address))
  const [first] = addresses
  if (!first) {
    throw new KnownError('forbidden', `${host} is an address of a private network or of this machine.`, {
      hints: ['Say `allowPrivateAddress: true` in the options if that is meant.'],
    })
  }
  return pinned(addresses, first)
}

function pinned(addresses: LookupAddress[], first: LookupAddress): LookupFunction {
  return (_host, { all }, done) => {
    if (all) done(null, addresses)
    else done(null, first.address, first.family)
  }
}
