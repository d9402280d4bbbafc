import { httpTransport } from './httpTransport.ts'
import type { Transport } from './transport.ts'
import { webSocketTransport } from './webSocketTransport.ts'

/** The connection to a provider, by the scheme of its URL. Connects when it is first asked. */
export function openTransport(url: string): Transport {
  return /^wss?:/.test(url) ? webSocketTransport(url) : httpTransport(url)
}
