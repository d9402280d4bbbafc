import { randomUUID } from 'node:crypto'
import type { Message } from '../model/message.ts'
import type { Outlet } from './deliverMessages.ts'

const sendTimeoutMs = 30_000

/**
 * Sends a message that says that nothing is wrong, past the outbox, to see whether it arrives.
 * @throws {DeliveryError} The channel did not take it.
 */
export async function sendTestMessage(
  outlet: Pick<Outlet, 'name' | 'send'>,
  { protocol, at }: { protocol: string; at: Date },
): Promise<void> {
  await outlet.send(composeTestMessage({ protocol, channel: outlet.name, at }), AbortSignal.timeout(sendTimeoutMs))
}

function composeTestMessage({ protocol, channel, at }: { protocol: string; channel: string; at: Date }): Message {
  return {
    id: `test-${randomUUID()}`,
    kind: 'test',
    severity: 'info',
    title: `Test: ${protocol} can reach you here`,
    sentences: [`Somebody asked Tocsin to send a test message to the channel ${channel}.`, 'Nothing is wrong.'],
    advice: 'Nothing is to be done. Alerts will look like this.',
    facts: [{ name: 'channel', value: channel }],
    links: [],
    at: at.toISOString(),
  }
}
