import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { resolveHost } from '../lib/resolveHost.ts'

/**
 * A TCP connection to a host that a user gave, at an address that was checked.
 *
 * @throws {KnownError} From `resolveHost`.
 * @throws {Error} Of Node, with its code; the name of it is `AbortError` where the signal came first.
 */
export async function openSocket({
  host,
  port,
  allowPrivate,
  signal,
}: {
  host: string
  port: number
  allowPrivate: boolean
  signal: AbortSignal
}): Promise<Socket> {
  const lookup = await resolveHost(host, { allowPrivate })
  signal.throwIfAborted()
  const socket = connect({ host, port, lookup })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}
