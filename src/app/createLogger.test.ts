import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** What a small program of its own writes to stderr. */
function log(format: 'json' | 'text', statement: string): string {
  const program = `
    import { createLogger } from './src/app/createLogger.ts'
    import { KnownError } from './src/model/error.ts'
    import { Secret } from './src/model/secret.ts'
    const secret = new Secret('hunter2', 'env:PASSWORD')
    const known = new KnownError('unavailable', 'rpc.example cannot be reached.', { cause: new Error('https://rpc.example/hunter2') })
    const logger = createLogger({ format: '${format}' })
    ${statement}`
  return spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', program], { encoding: 'utf8' }).stderr
}

test('a line for people has a time, a word for what is serious, and the sentence of the error', () => {
  expect(log('text', `logger.warn({ error: known }, 'mainnet cannot be watched just now.')`)).toMatch(
    /^\d\d:\d\d:\d\d {2}warning {2}mainnet cannot be watched just now\. rpc\.example cannot be reached\.\n$/,
  )
})

test('a line for machines is JSON, with the stack of an error that nobody raised on purpose', () => {
  const line = JSON.parse(log('json', `logger.error({ error: new TypeError('x is not a function') }, 'It failed.')`))
  expect(line).toMatchObject({ level: 50, msg: 'It failed.', error: { message: 'x is not a function' } })
  expect(line.error.stack).toContain('TypeError')
})

test('what is ordinary is not logged unless asked for', () => {
  expect(log('json', `logger.debug('block 1')`)).toBe('')
})

test('a secret shows its reference, wherever it stands', () => {
  const lines = log('json', 'logger.info({ secret, deep: { list: [secret] }, error: known }, "at " + secret)')
  expect(lines).toContain('env:PASSWORD')
  expect(lines).not.toContain('hunter2')
})
