import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configScene, good } from '../../test/harness/configScene.ts'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from './loadConfig.ts'

const { folder, said } = configScene()

test('a good config has no problem', () => {
  expect(said(good)).toBe('nothing is wrong')
  expect(said(`\ufeff${good.replaceAll('\n', '\r\n')}`)).toBe('nothing is wrong')
})

test.each([
  ['an empty file', ''],
  ['only a comment', '# nothing yet\n'],
  ['a list', '- a\n- b\n'],
  ['a text', 'hello'],
  ['nothing needed', 'protocol: Acme\n'],
  ['empty groups', 'chains: {}\ncontracts:\n'],
  ['tabs', 'chains:\n\tmainnet: { id: 1 }\n'],
  ['an open bracket', 'chains: { mainnet: { id: 1, rpc: env:URL_A }\ncontracts: {}\n'],
  ['a wrong indent', 'chains:\n  a:\n    id: 1\n   rpc: 2\n'],
  ['a colon too much', 'chains: a: b\n'],
  ['two documents', 'chains: {}\n---\nchains: {}\n'],
  ['an alias to nowhere', 'chains: *nobody\n'],
  ['an alias to itself', 'chains: &a { b: *a }\n'],
  ['a strange tag', 'chains: !!js/function "x"\n'],
  ['UTF-16', Buffer.from('\ufeffchains: {}', 'utf16le')],
  ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])],
  ['broken UTF-8', Buffer.from([0x61, 0x3a, 0xff, 0xfe])],
  ['2 MB', `# ${'x'.repeat(2 * 1024 * 1024)}`],
])('%s', (_what, text) => {
  expect(said(text)).toMatchSnapshot()
})

test('what would fill the memory', () => {
  const bomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
    ...Array.from(
      { length: 9 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
    ),
  ]
  expect(said(bomb.join('\n'))).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:1:1  The file holds more than 100,000 values, aliases counted each time.
        a0: &a0 [x, x, x, x, x, x, x, x, x, x]
        ^"
  `)
  expect(said(`a: ${'['.repeat(60)}${']'.repeat(60)}`)).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:1:1  The file is nested more than 50 levels deep.
        a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
        ^"
  `)
  expect(said(`a: ${'['.repeat(100_000)}`)).toMatch(/^One problem|^\d+ problems/)
})

test('a config that is not there', () => {
  expect(() => loadConfig(join(folder, 'none.yaml'), plugIns, {})).toThrow(/none\.yaml is not there\./)
  expect(() => loadConfig(folder, plugIns, {})).toThrow(/is no ordinary file\./)
})
