import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { sampleContext } from '../../test/harness/alertScene.ts'
import { sampleChain } from '../../test/harness/consoleScene.ts'
import { createTestDatabase } from '../../test/harness/database.ts'
import { startReceiver } from '../../test/harness/startReceiver.ts'
import { Secret } from '../model/secret.ts'
import type { ChainStatus } from '../model/status.ts'
import { keepHouse } from './keepHouse.ts'

const patience = { timeout: 20_000 }

test('the heart beats while every chain is seen as it is now, and at no other time', async () => {
  const [{ db, drop }, receiver, stopping] = [
    await createTestDatabase(),
    await startReceiver(),
    new AbortController(),
  ] as const
  const hourAgo = Math.floor(Date.now() / 1000) - 3600
  const unseen: Partial<ChainStatus>[] = [
    { blind: { since: new Date().toISOString(), reason: 'no provider answers' } },
    { cursor: null, cursorTimestamp: null, lag: null },
    { lag: 300, cursorTimestamp: hourAgo },
    // The loop hangs: it tells of no trouble, and of no new block.
    { cursorTimestamp: hourAgo },
  ]
  let changed: Partial<ChainStatus> = {}
  const warned: string[] = []
  const write = (line: string) => void warned.push(String((JSON.parse(line) as { msg: string }).msg))
  const work = keepHouse({
    config: {
      chains: [{ id: 1 }],
      heartbeat: { url: new Secret(receiver.url, 'env:HEART'), everySeconds: 0.01, allowPrivate: true },
      retention: { findingsSeconds: 3600, messagesSeconds: 3600 },
    },
    db,
    context: sampleContext(),
    dataDirectory: '.',
    chains: () => [sampleChain(new Date()), sampleChain(new Date(), { name: 'other', id: 2, ...changed })],
    raise: async () => {},
    logger: pino({ base: null }, { write }),
    signal: stopping.signal,
  })
  await vi.waitUntil(() => receiver.requests.length > 0, patience)
  for (const each of unseen) {
    changed = each
    warned.length = 0
    await vi.waitUntil(() => warned.length > 1, patience)
    const before = receiver.requests.length
    warned.length = 0
    await vi.waitUntil(() => warned.length > 2, patience)
    expect(receiver.requests).toHaveLength(before)
    expect(new Set(warned)).toEqual(new Set(['No heartbeat is sent, as other is not seen as it is now.']))
  }
  changed = {}
  const before = receiver.requests.length
  await vi.waitUntil(() => receiver.requests.length > before, patience)
  stopping.abort()
  await Promise.all(work)
  await Promise.all([receiver.close(), drop()])
})
