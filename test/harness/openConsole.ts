import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { ApiDependencies } from '../../src/api/apiDependencies.ts'
import { createApi } from '../../src/api/createApi.ts'
import { type ServedConsole, serveConsole } from '../../src/api/serveConsole.ts'
import { type ConsoleScene, createConsoleScene } from './consoleApi.ts'

export type OpenConsole = ConsoleScene & {
  served: ServedConsole
  /** Signs a new browser in; it keeps what the page complains of in `complaints`. */
  open(options?: BrowserContextOptions & { path?: string }): Promise<Page>
  complaints: string[]
}

/** The console as people meet it: served on a port of its own, in a real browser. */
export async function openConsole(browser: Browser, changed: Partial<ApiDependencies> = {}): Promise<OpenConsole> {
  const scene = await createConsoleScene(changed)
  const served = await serveConsole(0, (allowedHosts) => createApi({ ...scene.api, allowedHosts }))
  const complaints: string[] = []
  return {
    ...scene,
    served,
    complaints,
    async open({ path = '/', ...options } = {}) {
      const page = await browser.newPage({ locale: 'en-GB', timezoneId: 'UTC', ...options })
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      await page.goto(`${served.url}${path}#token=${scene.access.mint()}`)
      return page
    },
    async end() {
      await served.close()
      await scene.end()
    },
  }
}
