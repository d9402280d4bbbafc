import { expect, test } from 'vitest'
import { projectDay } from './projectDay.ts'

const since = '2026-03-01T00:00:00.000Z'
const calls = { eth_getBlockByNumber: 100, eth_call: 50, eth_subscription: 20 }
const after = (minutes: number) => new Date(Date.parse(since) + minutes * 60_000)
const project = (host: string, minutes: number) => projectDay({ host, since, calls }, 1, after(minutes))

test('a day is as many times what was asked as the time since the start fits into it', () => {
  expect(project('rpc.example', 60)).toEqual({ calls: 24 * 170, credits: null })
  expect(project('rpc.example', 2 * 1440)).toEqual({ calls: 85, credits: null })
})

test('a known provider is told in what it counts in, and what has no price is named', () => {
  expect(project('eth-mainnet.g.alchemy.com', 60)?.credits).toEqual({
    provider: 'Alchemy',
    unit: 'compute units',
    amount: 24 * (100 * 20 + 50 * 26),
    unpriced: ['eth_subscription'],
  })
})

test('the first minutes tell nothing of a day, nor does a clock that was put back', () => {
  expect(project('rpc.example', 4.9)).toBeNull()
  expect(project('rpc.example', 5)).not.toBeNull()
  expect(project('rpc.example', -60)).toBeNull()
})
