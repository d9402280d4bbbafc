import { expect, test } from 'vitest'
import { readAhead } from './readAhead.ts'

const range = { from: 1, to: 10, ahead: 3 }

test('gives everything in order, whatever comes first', async () => {
  const gates = new Map<number, () => void>()
  const read = (number: number) => new Promise<number>((resolve) => gates.set(number, () => resolve(number)))
  const given: number[] = []
  const reading = (async () => {
    for await (const number of readAhead(range, read)) given.push(number)
  })()
  for (const numbers of [[3, 2, 1], [6, 5, 4], [9, 8, 7], [10]]) {
    while (!numbers.every((number) => gates.has(number))) await new Promise(setImmediate)
    expect(gates.size).toBe(Math.max(...numbers))
    for (const number of numbers) gates.get(number)!()
  }
  await reading
  expect(given).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('throws a failure when its turn comes, and leaves none unhandled', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const given: number[] = []
  const reading = async () => {
    for await (const number of readAhead(range, async (number) => {
      if (number >= 3) throw new Error(`no ${number}`)
      return number
    }))
      given.push(number)
  }
  await expect(reading()).rejects.toThrow('no 3')
  expect(given).toEqual([1, 2])
  await new Promise(setImmediate)
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

test('gives nothing where there is nothing', async () => {
  const read = () => Promise.reject(new Error('never asked'))
  for await (const _ of readAhead({ from: 5, to: 4, ahead: 3 }, read)) throw new Error('never given')
})
