import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileArtifacts } from './compile.ts'

test('every committed artifact is what its source compiles to', { timeout: 180_000 }, () => {
  const artifacts = compileArtifacts()
  expect(artifacts.size).toBeGreaterThanOrEqual(14)
  const stale = [...artifacts].filter(([path, text]) => readFileSync(path, 'utf8') !== text).map(([path]) => path)
  expect(stale, 'Run `node bin/inNode24.js demo/compile.ts`.').toEqual([])
})
