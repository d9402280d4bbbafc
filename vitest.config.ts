import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Where the recorded mainnet blocks lie; tests that need them show as skipped when it is absent. */
const corpus = resolve(process.env.TOCSIN_CORPUS ?? '../shared/corpus')

export default defineConfig({
  test: {
    include: ['{src,demo,test,bench,web}/**/*.test.{ts,tsx}'],
    globalSetup: ['test/harness/globalSetup.ts'],
    env: {
      ...(existsSync(corpus) && { TOCSIN_CORPUS: corpus }),
      // Hundreds of times a test starts the command as a process of its own: compiled once, each needs half as long.
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'),
    },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: ['default'],
  },
})
