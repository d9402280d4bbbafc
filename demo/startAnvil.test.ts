import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createPublicClient, http } from 'viem'
import { expect, test } from 'vitest'
import { startAnvil } from './startAnvil.ts'

const module = fileURLToPath(new URL('./startAnvil.ts', import.meta.url))
const answers = (rpcUrl: string) =>
  fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then(
    () => true,
    () => false,
  )

test('answers on a free port of its own, and no more after stop', async () => {
  const anvil = await startAnvil({ chainId: 4_242 })
  const client = createPublicClient({ transport: http(anvil.rpcUrl) })
  expect(await client.getChainId()).toBe(4_242)
  await anvil.stop()
  expect(await answers(anvil.rpcUrl)).toBe(false)
})

test('refuses a port on which another anvil sits', async () => {
  const anvil = await startAnvil()
  await expect(startAnvil({ port: anvil.port })).rejects.toThrow(`Another anvil already listens on port ${anvil.port}`)
  await anvil.stop()
})

test('says why when the port belongs to something else', async () => {
  const server = (await import('node:net')).createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address!.port : 0
  await expect(startAnvil({ port })).rejects.toThrow('The local chain did not start')
  server.close()
})

test('says what to do where there is no anvil', async () => {
  const { platform } = process
  const path = process.env.PATH
  Object.defineProperty(process, 'platform', { value: 'plan9' })
  process.env.PATH = ''
  try {
    await expect(startAnvil()).rejects.toMatchObject({
      message: expect.stringContaining('There is no anvil for plan9'),
      hints: expect.arrayContaining([expect.stringContaining('npm ci')]),
    })
  } finally {
    Object.defineProperty(process, 'platform', { value: platform })
    process.env.PATH = path
  }
})

test('dies with the process that started it, even when that is killed', async () => {
  const script = `import { startAnvil } from ${JSON.stringify(module)}
    console.log((await startAnvil()).rpcUrl)
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(parent.stdout.setEncoding('utf8'), 'data')
  const rpcUrl = String(line).trim()
  expect(await answers(rpcUrl)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => answers(rpcUrl), { timeout: 5_000 }).toBe(false)
})
