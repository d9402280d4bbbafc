import { expect, test } from 'vitest'
import { runCli } from '../../test/harness/runCli.ts'

test('lists what there is to use, each in a line', async () => {
  const { code, out } = await runCli(['detectors'])
  expect(code).toBe(0)
  expect(out).toMatch(/^own-loss +\S.+$/m)
})

test('tells all about one', async () => {
  const { code, out } = await runCli(['detectors', 'own-loss'])
  expect(code).toBe(0)
  for (const part of ['own-loss: ', 'Signal: ', 'What to do: ', 'Known limits:\n- ', 'Severity high']) {
    expect(out).toContain(part)
  }
})

test('names the detector that was meant', async () => {
  const { code, err } = await runCli(['detectors', 'own-los'])
  expect({ code, err }).toEqual({ code: 1, err: 'There is no detector `own-los`.\n  Did you mean `own-loss`?\n' })
})
