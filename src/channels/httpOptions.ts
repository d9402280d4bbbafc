import { z } from 'zod'
import { secret } from '../model/secret.ts'

/** A secret that is a whole URL, such as that of an incoming webhook. */
export function secretUrl() {
  return secret().refine((value) => isHttpUrl(value.reveal()), 'the secret does not hold an https URL')
}

/** Where a service's API is reached; another than the default for a proxy, a region or a server of one's own. */
export function apiUrl(standard: string) {
  return z
    .string()
    .refine(isHttpUrl, 'is not an https URL')
    .default(standard)
    .describe('Base URL of the API, for another region, a proxy or a server of your own.')
}

export const allowPrivateAddress = z
  .boolean()
  .default(false)
  .describe('Allows a host in a private network or on this machine, and there also `http://`.')

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '')
}
