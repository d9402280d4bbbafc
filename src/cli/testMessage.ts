import { randomUUID } from 'node:crypto'
import { defineCommand } from 'citty'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { didYouMean } from '../config/report.ts'
import { KnownError } from '../model/error.ts'
import type { Message } from '../model/message.ts'

/** Longer than any channel itself waits for an answer. */
const sendTimeoutMs = 30_000

export const testMessage = defineCommand({
  meta: { name: 'test-message', description: 'Sends a test message, to see that it arrives.' },
  args: {
    channel: { type: 'positional', required: true, description: 'Name of the channel in the config' },
    config: { type: 'string', description: 'Config file', default: 'tocsin.yaml', valueHint: 'FILE' },
  },
  async run({ args }) {
    const { channels, protocol } = loadConfig(args.config, plugIns)
    const found = channels.find(({ name }) => name === args.channel)
    if (!found) {
      const names = channels.map(({ name }) => name)
      throw new KnownError('not_found', `The config has no channel \`${args.channel.slice(0, 80)}\`.`, {
        hints: [didYouMean(args.channel, names)],
      })
    }
    const { channel, options, name } = found
    const start = performance.now()
    try {
      const signal = AbortSignal.timeout(sendTimeoutMs)
      await withinTime(channel.send({ message: compose(protocol, name), options, signal }), signal)
    } catch (cause) {
      if (!(cause instanceof KnownError)) throw cause
      const hints = [
        ...cause.hints,
        ...(cause.retryable ? ['It may go well later: Tocsin itself would try again.'] : []),
      ]
      throw new KnownError(cause.code, `The test message did not reach ${name}: ${cause.message}`, { cause, hints })
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    process.stdout.write(`${channel.title} took the test message for ${name} after ${seconds} s. Is it there?\n`)
  },
})

function compose(protocol: string, channel: string): Message {
  return {
    id: `test-${randomUUID()}`,
    kind: 'test',
    severity: 'info',
    title: `Test: ${protocol} can reach you here`,
    sentences: [`Somebody asked Tocsin to send a test message to the channel ${channel}.`, 'Nothing is wrong.'],
    advice: 'Nothing is to be done. Alerts will look like this.',
    facts: [{ name: 'channel', value: channel }],
    links: [],
    at: new Date().toISOString(),
  }
}

/** Also where a channel does not listen to its signal. */
function withinTime(sending: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const words = `It gave no answer within ${sendTimeoutMs / 1000} seconds.`
  signal.addEventListener('abort', () => reject(new KnownError('unavailable', words, { retryable: true })))
  return Promise.race([sending, promise])
}
