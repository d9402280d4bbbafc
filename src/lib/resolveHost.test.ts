import type { LookupAddress } from 'node:dns'
import { expect, test } from 'vitest'
import { resolveHost } from './resolveHost.ts'

test('hands back a lookup that knows the checked addresses only', async () => {
  const lookup = await resolveHost('8.8.8.8', { allowPrivate: false })
  const ask = (all: boolean) =>
    new Promise<unknown>((resolve) =>
      lookup('rebound.example', { all }, (_error, address: string | LookupAddress[]) => resolve(address)),
    )
  expect(await ask(false)).toBe('8.8.8.8')
  expect(await ask(true)).toEqual([{ address: '8.8.8.8', family: 4 }])
})

test('refuses a name that leads to this machine, unless that is meant', async () => {
  await expect(resolveHost('localhost', { allowPrivate: false })).rejects.toMatchObject({
    code: 'forbidden',
    hints: ['Say `allowPrivateAddress: true` in the options if that is meant.'],
  })
  await expect(resolveHost('localhost', { allowPrivate: true })).resolves.toBeTypeOf('function')
})
