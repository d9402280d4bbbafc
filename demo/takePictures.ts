import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../test/harness/browser.ts'
import { listAlerts, signIn, startDemoProcess } from '../test/harness/demoProcess.ts'

const folder = process.argv[2] ?? 'docs/images'
const desk = { width: 1120, height: 720 }

const looks: { name: string; path: '/' | 'alert'; options: BrowserContextOptions }[] = [
  { name: 'console', path: '/', options: { viewport: desk } },
  { name: 'console-dark', path: '/', options: { viewport: desk, colorScheme: 'dark' } },
  { name: 'console-phone', path: '/', options: { viewport: { width: 390, height: 844 }, isMobile: true } },
  { name: 'alert', path: 'alert', options: { viewport: desk } },
]

/** Plays the demo, as people do who try it, and takes the pictures of docs/images (or of the folder that is named). */
async function takePictures(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'tocsin-pictures-'))
  const env = { ...process.env, TOCSIN_DATA: data }
  const demo = await startDemoProcess([process.execPath, 'src/cli/main.ts', 'start', '--port', '0'], { cwd: '.', env })
  const browser = await launchBrowser()
  try {
    const cookie = await signIn(demo)
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json', origin: demo.url, cookie }
      const answer = await fetch(`${demo.url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
    }
    const alertOf = async (monitor: string) => {
      for (let tries = 0; tries < 60; tries++) {
        const found = (await listAlerts(demo.url, cookie)).find((alert) => alert.monitor === monitor)
        if (found) return found
        await sleep(1000)
      }
      throw new Error(`${monitor} said nothing.`)
    }
    await post('/attacks/price-manipulation', {})
    await post(`/alerts/${(await alertOf('price-jump')).id}/acknowledge`, { by: 'ana' })
    await sleep(45_000)
    await post('/attacks/reentrancy-drain', {})
    const drain = await alertOf('drain')
    await sleep(8000)

    mkdirSync(folder, { recursive: true })
    const [name = '', value = ''] = cookie.split('=')
    for (const look of looks) {
      const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...look.options })
      await context.addCookies([{ name, value, url: demo.url }])
      const page = await context.newPage()
      await page.goto(`${demo.url}${look.path === '/' ? '/' : `/alerts/${drain.id}`}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await settle(page)
      await page.screenshot({ path: join(folder, `${look.name}.png`) })
      await context.close()
    }
  } finally {
    await browser.close()
    await demo.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** The pages keep a stream open, so the network is never idle. */
async function settle(page: Page): Promise<void> {
  await page.getByText('One moment…').waitFor({ state: 'detached' })
  await page.evaluate(() => document.fonts.ready)
  await sleep(1500)
}

await takePictures()
