import { defineCommand } from 'citty'
import { sendTestMessage } from '../alerts/testMessage.ts'
import { outletsOf } from '../app/outletsOf.ts'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { didYouMean } from '../config/report.ts'
import { KnownError } from '../model/error.ts'

export const testMessage = defineCommand({
  meta: { name: 'test-message', description: 'Sends a test message, to see that it arrives.' },
  args: {
    channel: { type: 'positional', required: true, description: 'Name of the channel in the config' },
    config: { type: 'string', description: 'Config file', default: 'tocsin.yaml', valueHint: 'FILE' },
  },
  async run({ args }) {
    const config = loadConfig(args.config, plugIns)
    const outlets = outletsOf(config)
    const outlet = outlets.find(({ name }) => name === args.channel)
    if (!outlet) {
      const names = outlets.map(({ name }) => name)
      throw new KnownError('not_found', `The config has no channel \`${args.channel.slice(0, 80)}\`.`, {
        hints: [names.length > 0 ? didYouMean(args.channel, names) : 'It has none yet: add one under `channels`.'],
      })
    }
    const { name } = outlet
    const start = performance.now()
    try {
      await sendTestMessage(outlet, { protocol: config.protocol, at: new Date() })
    } catch (cause) {
      if (!(cause instanceof KnownError)) throw cause
      const hints = [
        ...cause.hints,
        ...(cause.retryable ? ['It may go well later: Tocsin itself would try again.'] : []),
      ]
      throw new KnownError(cause.code, `The test message did not reach ${name}: ${cause.message}`, { cause, hints })
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const title = config.channels.find((each) => each.name === name)?.channel.title
    process.stdout.write(`${title} took the test message for ${name} after ${seconds} s. Is it there?\n`)
  },
})
