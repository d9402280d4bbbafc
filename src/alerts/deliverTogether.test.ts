import { expect, test } from 'vitest'
import { outletScene, waitFor } from '../../test/harness/outletScene.ts'
import { KnownError } from '../model/error.ts'
import { findMessage, takeDueMessage } from '../store/messages.ts'

const scene = outletScene()
const { work, put, ids, stateOf, allSent, hurry } = scene

test('takes over what a killed worker had taken, when its lease has ended, with the same id', async () => {
  await put({ id: 'a' })
  const leaseEndsAt = new Date(Date.now() + 1500)
  await takeDueMessage(scene.db, { channel: 'hook', now: new Date(), leaseEndsAt })
  const { notes } = work()
  await waitFor(() => expect(notes).toHaveLength(1))
  expect(Date.now()).toBeGreaterThanOrEqual(leaseEndsAt.getTime())
  expect(notes).toMatchObject([{ messageId: 'a', attempts: 2, result: 'sent' }])
})

test('does not undo what another worker did after the lease had ended', async () => {
  await put({ id: 'a' })
  const refused = Promise.withResolvers<void>()
  const late = work({ send: () => refused.promise })
  await waitFor(async () => expect((await findMessage(scene.db, 'a'))!.attempts).toBe(1))
  await hurry()
  const other = work()
  await waitFor(() => expect(other.notes).toHaveLength(1))
  refused.reject(new KnownError('forbidden', 'No.'))
  await waitFor(() => expect(late.notes).toHaveLength(1))
  expect(await stateOf('a')).toBe('sent')
})

test('lets two workers share one outbox: each message goes out once, and none overtakes its alert', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    id: `m${String(index).padStart(2, '0')}`,
    alertId: `x${index % 6}`,
    turn: Math.floor(index / 6),
  }))
  await put(...rows)
  const underWay = new Set<string>()
  scene.reply = async (id) => {
    const { alertId } = rows.find((row) => row.id === id)!
    expect(underWay.has(alertId)).toBe(false)
    underWay.add(alertId)
    await new Promise(setImmediate)
    underWay.delete(alertId)
    return { status: 200 }
  }
  const workers = [work({ perMinute: 60_000 }), work({ perMinute: 60_000 })]
  await allSent()
  expect(ids().toSorted()).toEqual(rows.map(({ id }) => id))
  for (const alertId of ['x0', 'x5']) {
    const own = rows.filter((row) => row.alertId === alertId).map(({ id }) => id)
    expect(ids().filter((id) => own.includes(id))).toEqual(own)
  }
  expect(workers.every(({ notes }) => notes.every(({ result }) => result === 'sent'))).toBe(true)
})
