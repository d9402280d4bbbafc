import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCli } from '../../test/harness/runCli.ts'

test('refuses an option that it does not know, and names the one that was meant', async () => {
  const { code, out, err } = await runCli(['replay', '--form', '1', '--to', '2'])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toBe('There is no option --form.\n  Did you mean --from?\n')
})

test.each([
  [['replay', '--from'], '--from needs a value.'],
  [['replay', '--from', '--to', '2'], '--from needs a value.'],
  [['replay', '--config=', '--from', '1'], '--config needs a value.'],
  [['demo', 'attack', 'role-grab', 'twice'], 'What is "twice"?'],
  [['demo', 'attack'], 'Missing required positional argument: NAME'],
  [['chekc'], 'Did you mean tocsin check?'],
  [['demo', 'atack'], 'Did you mean tocsin demo attack?'],
  [['start', '--verbose=yes'], '--verbose takes no value.'],
])('does not guess what %j means', async (args, words) => {
  const { code, err } = await runCli(args)
  expect(err).toContain(words)
  expect(code).toBe(2)
})

test('helps for every command, without colours where nobody would see them', async () => {
  const overview = await runCli(['--help'])
  expect(overview.code).toBe(0)
  for (const command of ['init', 'check', 'start', 'replay', 'demo', 'test-message', 'doctor']) {
    expect(overview.out).toContain(command)
  }
  expect((await runCli(['demo', 'attack', '--help'])).out).toContain('USAGE tocsin demo attack [OPTIONS] <NAME>')
  expect(overview.out).not.toContain('\u001b')
})

test('says its version', async () => {
  expect((await runCli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('backs up no database that is not there, and makes none', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-backup-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const { code, err } = await runCli(['backup', '--out', join(directory, 'b.gz')], { env: { TOCSIN_DATA: directory } })
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`There is no database in ${directory}.`) })
  expect(readdirSync(directory)).toEqual([])
})
