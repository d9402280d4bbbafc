import { expect, test } from 'vitest'
import { createAccess, sessionLifetimeMs } from './access.ts'

test('exchanges a token for a session, once', () => {
  const access = createAccess()
  const token = access.mint()
  const session = access.exchange(token)
  expect(access.admits(session)).toBe(true)
  expect(session).not.toBe(token)
  expect(() => access.exchange(token)).toThrow('used before')
})

test('admits no token, no foreign secret and no session that was ended', () => {
  const access = createAccess()
  const token = access.mint()
  expect(access.admits(token)).toBe(false)
  expect(access.admits('')).toBe(false)
  const session = access.exchange(token)
  access.end(session)
  expect(access.admits(session)).toBe(false)
})

test('lets tokens and sessions end', () => {
  let time = 0
  const access = createAccess({ now: () => time })
  const early = access.mint(1000)
  const session = access.exchange(access.mint())
  time = 1000
  expect(() => access.exchange(early)).toThrow('wrong')
  time = sessionLifetimeMs - 1
  expect(access.admits(session)).toBe(true)
  time = sessionLifetimeMs
  expect(access.admits(session)).toBe(false)
})

test('refuses every token for a minute after ten wrong ones', () => {
  let time = 0
  const access = createAccess({ now: () => time })
  const token = access.mint()
  for (let tried = 0; tried < 10; tried++) expect(() => access.exchange(`guess ${tried}`)).toThrow('wrong')
  expect(() => access.exchange(token)).toThrow('Too many')
  time = 60_000
  expect(access.admits(access.exchange(token))).toBe(true)
})

test('keeps no more than 8 tokens and 32 sessions, and drops the oldest', () => {
  const access = createAccess()
  const sessions = Array.from({ length: 33 }, () => access.exchange(access.mint()))
  expect(sessions.map(access.admits)).toEqual([false, ...Array(32).fill(true)])
  const tokens = Array.from({ length: 9 }, () => access.mint())
  expect(() => access.exchange(tokens[0]!)).toThrow('wrong')
  expect(access.admits(access.exchange(tokens[1]!))).toBe(true)
})
