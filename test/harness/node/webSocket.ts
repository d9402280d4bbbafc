import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** The server's end of one WebSocket: text in, text out. Enough of RFC 6455 for JSON-RPC, and bounded. */
export type Socket = {
  send(text: string): void
  close(code?: number): void
  onText(listener: (text: string) => void): void
  onClose(listener: () => void): void
  /** Cuts the connection without a closing frame, as a crash does. */
  destroy(): void
}

type Frame = { final: boolean; opcode: number; payload: Buffer; size: number }

const messageMax = 1024 * 1024
const acceptSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 }

export function acceptWebSocket(request: IncomingMessage, stream: Duplex, head: Buffer): Socket | null {
  const key = request.headers['sec-websocket-key']
  if (typeof key !== 'string') {
    stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    return null
  }
  const accept = createHash('sha1')
    .update(key + acceptSalt)
    .digest('base64')
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  return serve(stream, head)
}

function serve(stream: Duplex, head: Buffer): Socket {
  let pending = head
  let message: Buffer[] = []
  let messageSize = 0
  const textListeners: ((text: string) => void)[] = []
  const closeListeners: (() => void)[] = []
  const write = (opcode: number, payload: Buffer) => {
    if (!stream.writableEnded && !stream.destroyed) stream.write(encodeFrame(opcode, payload))
  }
  const close = (code = 1000) => {
    const payload = Buffer.alloc(2)
    payload.writeUInt16BE(code)
    write(opcodes.close, payload)
    stream.end()
  }
  const take = ({ final, opcode, payload }: Frame) => {
    if (opcode === opcodes.ping) return write(opcodes.pong, payload)
    if (opcode === opcodes.pong) return
    if (opcode === opcodes.close) return close()
    if (opcode !== opcodes.text && opcode !== opcodes.continuation) return close(1003)
    message.push(payload)
    messageSize += payload.length
    if (messageSize > messageMax) return close(1009)
    if (!final) return
    const text = Buffer.concat(message).toString('utf8')
    message = []
    messageSize = 0
    for (const listener of textListeners) listener(text)
  }
  stream.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (!stream.writableEnded) {
      const frame = decodeFrame(pending)
      if (frame === 'incomplete') return
      if (frame === 'invalid') return close(1002)
      pending = pending.subarray(frame.size)
      take(frame)
    }
  })
  stream.on('error', () => stream.destroy())
  stream.on('close', () => {
    for (const listener of closeListeners) listener()
  })
  return {
    send: (text) => write(opcodes.text, Buffer.from(text)),
    close,
    onText: (listener) => textListeners.push(listener),
    onClose: (listener) => closeListeners.push(listener),
    destroy: () => stream.destroy(),
  }
}

/** The first frame of the buffer. A client's frames are always masked; one that is not, or is too big, is invalid. */
function decodeFrame(buffer: Buffer): Frame | 'incomplete' | 'invalid' {
  if (buffer.length < 2) return 'incomplete'
  const first = buffer[0]!
  const second = buffer[1]!
  if ((first & 0x70) !== 0 || (second & 0x80) === 0) return 'invalid'
  const short = second & 0x7f
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
  const start = 2 + lengthBytes + 4
  if (buffer.length < start) return 'incomplete'
  const length = lengthBytes === 0 ? short : Number(BigInt(`0x${buffer.toString('hex', 2, 2 + lengthBytes)}`))
  if (length > messageMax) return 'invalid'
  if (buffer.length < start + length) return 'incomplete'
  const mask = buffer.subarray(start - 4, start)
  const payload = Buffer.from(buffer.subarray(start, start + length))
  for (let at = 0; at < length; at++) payload[at] = payload[at]! ^ mask[at & 3]!
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size: start + length }
}

function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header[0] = 0x80 | opcode
  if (length < 126) header[1] = length
  else if (length < 65_536) {
    header[1] = 126
    header.writeUInt16BE(length, 2)
  } else {
    header[1] = 127
    header.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([header, payload])
}
