import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { plainText } from '../src/lib/plainText.ts'

/** Somebody for the demo to tell. */
export type Inbox = { close(): Promise<void> }

const bytesMax = 64 * 1024
const event = z.object({ data: z.object({ title: z.string().max(1000) }) })

/**
 * Takes what the channel `terminal` of the demo's config sends, on loopback, under a path that only the config knows.
 *
 * @param folder Of the config; gets the files that the channel's secrets refer to.
 * @param onMessage Told the title of each message.
 */
export async function openInbox(folder: string, onMessage: (title: string) => void): Promise<Inbox> {
  const path = `/${randomBytes(16).toString('hex')}`
  const server = createServer(async (request, response) => {
    const title = request.url === path ? titleOf(await readBounded(request)) : undefined
    response.writeHead(title === undefined ? 404 : 204).end()
    if (title !== undefined) onMessage(plainText(title, 300))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  writeSecret(join(folder, 'inbox.url'), `http://127.0.0.1:${port}${path}`)
  writeSecret(join(folder, 'inbox.key'), `whsec_${randomBytes(32).toString('base64')}`)
  return {
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const writeSecret = (path: string, text: string) => writeFileSync(path, `${text}\n`, { mode: 0o600 })

async function readBounded(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > bytesMax) return ''
  }
  return text
}

function titleOf(body: string): string | undefined {
  try {
    return event.parse(JSON.parse(body)).data.title
  } catch {
    return undefined
  }
}
