import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { KnownError } from '../model/error.ts'
import { loopbackHosts } from './guard.ts'

export type ServedConsole = { url: string; port: number; close(): Promise<void> }

/**
 * Serves on 127.0.0.1 and, where the machine has it, on ::1; never on another address.
 *
 * @param port 0: any that is free.
 * @param createApp Makes the application once it is known under which hosts it is addressed.
 * @throws {KnownError} The port is taken.
 */
export async function serveConsole(port: number, createApp: (allowedHosts: string[]) => Hono): Promise<ServedConsole> {
  const first = await listen(port, '127.0.0.1')
  const address = first.address()
  const actual = typeof address === 'object' && address ? address.port : port
  const servers = [first]
  try {
    servers.push(await listen(actual, '::1'))
  } catch (error) {
    if (!isWithoutIpv6(error)) {
      await close(first)
      throw error
    }
  }
  const answer = getRequestListener(createApp(loopbackHosts(actual)).fetch)
  for (const server of servers) server.on('request', answer)
  return {
    url: `http://localhost:${actual}`,
    port: actual,
    close: async () => void (await Promise.all(servers.map(close))),
  }
}

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 10_000 })
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new KnownError('conflict', `Port ${port} is taken by another program.`, {
              cause,
              hints: ['Stop that program, or give another port: `--port N`, or 0 for any that is free.'],
            })
          : cause,
      ),
    )
    server.listen({ port, host }, () => resolve(server))
  })
}

function isWithoutIpv6(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Live connections (server-sent events) would keep it open for ever.
    server.closeAllConnections()
  })
}
