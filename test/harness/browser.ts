import { existsSync, globSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const candidates = [
  process.env.TOCSIN_CHROMIUM,
  // What `npm test` unpacks, for tests that are run by themselves.
  ...globSync('node_modules/.cache/chromium-*/start'),
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** A Chromium on this machine; undefined where there is none, and tests that need one show as skipped. */
export const browserPath = candidates.find((path) => path !== undefined && existsSync(path))

/**
 * Starts a browser, for pages of our own only: its sandbox cannot start as root, nor where the kernel lends nobody a
 * user namespace, and it goes without it there.
 */
export async function launchBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('There is no Chromium on this machine. `npm test` unpacks one.')
  const options = { executablePath: browserPath, args: ['--disable-gpu'] }
  if (process.getuid?.() === 0) return chromium.launch({ ...options, chromiumSandbox: false })
  try {
    return await chromium.launch({ ...options, chromiumSandbox: true })
  } catch (error) {
    if (!(error instanceof Error && /sandbox/i.test(error.message))) throw error
    return chromium.launch({ ...options, chromiumSandbox: false })
  }
}
