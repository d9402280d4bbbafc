import { expect, test } from 'vitest'
import { hideSecrets, piecesOfUrl } from './hideSecrets.ts'

test('a key of a URL is hidden in whatever part it is repeated', () => {
  const secrets = piecesOfUrl('https://user:pass word@rpc.example/v3/0123456789abcdef?apikey=qwertyuiop')
  const said = 'no project 0123456789abcdef for qwertyuiop of user'
  expect(hideSecrets(said, secrets)).toBe('no project *** for *** of ***')
})

test('a URL without a path hides nothing that words are made of', () => {
  expect(hideSecrets('a/b is not a block', piecesOfUrl('http://127.0.0.1:8545'))).toBe('a/b is not a block')
})

test('each part of a secret with a scheme is one', () => {
  expect(hideSecrets('bad token abcdefgh', ['Bearer abcdefgh'])).toBe('bad token ***')
})
