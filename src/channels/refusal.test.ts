import { describe, expect, test } from 'vitest'
import type { FetchAnswer } from '../lib/guardedFetch.ts'
import { refusal } from './refusal.ts'

function refused(status: number, body: string, headers: FetchAnswer['headers'] = {}, secrets: string[] = []) {
  return refusal({ status, headers, body: Buffer.from(body), truncated: false }, { service: 'Service', secrets })
}

describe('refusal', () => {
  test.each([
    ['plain words', 'no_service', 'no_service'],
    [
      'Telegram',
      '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}',
      'Bad Request: chat not found',
    ],
    ['Discord', '{"code":50006,"message":"Cannot send an empty message"}', 'Cannot send an empty message'],
    [
      'PagerDuty',
      '{"status":"invalid event","message":"Event object is invalid","errors":["\'payload.severity\' is invalid"]}',
      'Event object is invalid ["\'payload.severity\' is invalid"]',
    ],
    ['JSON of no known shape', '{"why":"so"}', '{"why":"so"}'],
    ['JSON that is no object', 'null', 'null'],
  ])('takes its words from %s', (_name, body, words) => {
    expect(refused(400, body).message).toBe(`Service answered 400: ${words}`)
  })

  test('has a sentence where the service has none', () => {
    expect(refused(400, '').message).toBe('Service answered 400.')
  })

  test.each([
    ['Discord, in parts of seconds', '{"message":"slow","retry_after":0.3}', {}, 300],
    ['Telegram', '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":7}}', {}, 7000],
    ['the body before the header', '{"retry_after":1.5}', { 'retry-after': '2' }, 1500],
    ['the header', '', { 'retry-after': '12' }, 12_000],
    ['a date that is past', '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    ['nobody', '', {}, undefined],
    ['nonsense', '{"retry_after":"soon"}', { 'retry-after': 'soon' }, undefined],
    ['a service that wants us silent for ever', '{"retry_after":1e300}', {}, 3_600_000],
    ['a negative wish', '{"retry_after":-5}', {}, 0],
  ])('learns when to try again from %s', (_name, body, headers, expected) => {
    expect(refused(429, body, headers).retryAfterMs).toBe(expected)
  })

  test('reads a date to come', () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString()
    const { retryAfterMs = 0 } = refused(503, '', { 'retry-after': inTwoMinutes })
    expect(retryAfterMs).toBeGreaterThan(0)
    expect(retryAfterMs).toBeLessThanOrEqual(120_000)
  })

  test('knows no time for what is not to be tried again', () => {
    expect(refused(404, '', { 'retry-after': '5' }).retryAfterMs).toBeUndefined()
  })

  test('hides a secret together with what contains it', () => {
    const { message } = refused(404, 'POST /bot1:abc/send and abc', {}, ['abc', '/bot1:abc/send'])
    expect(message).toBe('Service answered 404: POST *** and ***')
  })

  test.each([
    ['without its scheme', 'unknown key sk_live_1', 'Bearer sk_live_1', 'unknown key ***'],
    ['escaped in JSON', '{"message":"no a\\/b\\u0063 here"}', 'a/bc', 'no *** here'],
  ])('hides a secret %s', (_, body, secret, words) => {
    expect(refused(401, body, {}, [secret]).message).toBe(`Service answered 401: ${words}`)
  })
})
